import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import { credentials, region, SignedRequest, Signer } from '../../harness/signer.ts';

const time = Date.parse('2026-03-01T12:00:00Z');

test("the benchmark signs as AWS's own signer does", async () => {
  const body = '{"StreamName":"bench"}';
  const [head, sentBody] = new Signer(4567)
    .request('ListShards', Buffer.from(body), time)
    .toString()
    .split('\r\n\r\n');
  const official = new SignatureV4({
    credentials,
    region,
    service: 'kinesis',
    sha256: Sha256,
    applyChecksum: false,
  });
  const request = new HttpRequest({
    method: 'POST',
    path: '/',
    headers: {
      host: '127.0.0.1:4567',
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'Kinesis_20131202.ListShards',
    },
    body,
  });
  const signed = await official.sign(request, { signingDate: new Date(time) });
  assert.equal(sentBody, body);
  assert.equal(/^Authorization: (.*)$/m.exec(head!)?.[1], signed.headers['authorization']);
});

test('a request is signed again before its signature expires, and not sooner', () => {
  const request = new SignedRequest(new Signer(4567), 'ListShards', Buffer.from('{}'));
  const now = Date.now();
  const first = request.bytes(now);
  assert.equal(request.bytes(now + 3 * 60_000), first);
  assert.notDeepEqual(request.bytes(now + 4 * 60_000 + 1000), first);
});
