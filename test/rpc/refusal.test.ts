import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HttpMessage } from '../../src/env/network.ts';
import { HeaderFields } from '../../src/http/headers.ts';
import { refusalOf } from '../../src/rpc/refusal.ts';
import { ServiceError } from '../../src/wire/service-error.ts';
import {
  accessKeyId,
  key,
  keys,
  now,
  services,
  sign,
  verifier,
  withAuthorization,
  withHeader,
} from '../access/sigv4/signer.ts';

const peer = { address: '192.0.2.7', secure: true, listener: '127.0.0.1:4567' };

test('a refusal tells the key id, the operation, the reason and the peer, of headers and of queries', async () => {
  const stranger = await sign({ accessKeyId: 'STRANGER' });
  assert.deepEqual(refusal(stranger), {
    operation: 'DescribeStream',
    type: 'UnrecognizedClientException',
    reason: 'The security token included in the request is invalid.',
    accessKeyId: 'STRANGER',
    peer,
  });
  const late = await sign({ expiresIn: 60, at: now - 3_600_000 });
  const { type, accessKeyId: who } = refusal(late);
  assert.deepEqual([type, who], ['InvalidSignatureException', accessKeyId]);
});

test('no refusal tells a signature, or a secret that stands where the key id belongs', async () => {
  const signature = /Signature=([0-9a-f]{64})/.exec((await sign()).rawHeaders.join('\n'))![1]!;
  const secret = key.secretAccessKey;
  const requests: HttpMessage[] = [
    withHeader(await sign(), 'x-amz-date', undefined),
    withHeader(await sign(), 'authorization', undefined),
    withHeader(await sign(), 'authorization', `Bearer ${secret}`),
    withHeader(await sign(), 'authorization', secret),
    await withAuthorization('AWS4-HMAC-SHA256', secret),
    await withAuthorization('SignedHeaders=', 'Headers='),
    await withAuthorization('/kinesis/', '/'),
    await withAuthorization('/kinesis/', '/dynamodb/'),
    await withAuthorization(accessKeyId, 'STRANGER'),
    await withAuthorization(accessKeyId, secret),
    await withAuthorization('us-east-1', 'us-east-2'),
    await withAuthorization(/host;/, ''),
    await sign({ at: now - 3_600_000 }),
    await sign({ expiresIn: 60, at: now - 3_600_000 }),
    await sign({ accessKeyId: secret }),
    await sign({ key: { secretAccessKey: 'wrong', sessionToken: 'a token' } }),
  ];
  for (const request of requests) {
    const told = JSON.stringify(refusal(request));
    for (const part of [signature, ...secret.split('/'), 'a token']) {
      assert.ok(!told.includes(part), `${told} tells ${part}`);
    }
    assert.doesNotMatch(told, /[0-9a-f]{64}/);
  }
});

function refusal(request: HttpMessage) {
  const headers = new HeaderFields(request.rawHeaders);
  try {
    verifier({ keys, services })(request, now);
  } catch (error) {
    assert.ok(error instanceof ServiceError);
    return refusalOf('DescribeStream', { ...request, peer }, headers, error);
  }
  return assert.fail('it was not refused');
}
