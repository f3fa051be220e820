import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HmacKey, SigningKeys } from '../../../src/access/sigv4/signing-key.ts';
import type { HttpMessage } from '../../../src/env/network.ts';
import { ServiceError } from '../../../src/wire/service-error.ts';
import {
  accessKeyId,
  key,
  keys,
  now,
  refuses,
  services,
  sign,
  verifier,
  withAuthorization,
  withHeader,
} from './signer.ts';

const minute = 60_000;
const wrongSignature =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access ' +
  'Key and signing method. Consult the service documentation for details.';
const wrongToken = 'The security token included in the request is invalid.';

test("a signed request is its key holder's", async () => {
  assert.deepEqual(verifier({ keys, services })(await sign(), now), {
    accessKeyId,
    region: 'us-east-1',
    service: 'kinesis',
  });
});

test('the Date header counts when there is no X-Amz-Date', async () => {
  const request = withHeader(await sign({ unsigned: ['x-amz-date'] }), 'x-amz-date', undefined);
  const dated = withHeader(request, 'Date', 'Thu, 09 Jul 2026 12:30:00 GMT');
  assert.equal(verifier({ keys, services })(dated, now).accessKeyId, accessKeyId);
  refuses(
    withHeader(request, 'Date', 'Thu, 09 Jul 2026 12:30:01 GMT'),
    'InvalidSignatureException',
    wrongSignature,
  );
});

test('clocks may be five minutes apart and no more', async () => {
  const request = await sign();
  const verify = verifier({ keys, services });
  verify(request, now + 5 * minute);
  verify(request, now - 5 * minute);
  refuses(
    await sign({ at: now - 5 * minute - 1000 }),
    'InvalidSignatureException',
    'Signature expired: 20260709T122459Z is now earlier than 20260709T122500Z (20260709T123000Z - 5 min.)',
  );
  refuses(
    await sign({ at: now + 5 * minute + 1000 }),
    'InvalidSignatureException',
    'Signature not yet current: 20260709T123501Z is still later than 20260709T123500Z (20260709T123000Z + 5 min.)',
  );
});

test('a request signed in advance lives as long as it says, and is not yet current before', async () => {
  const request = await sign({ expiresIn: 90 });
  const verify = verifier({ keys, services });
  verify(request, now + 90_000);
  refuses(
    await sign({ expiresIn: 90, at: now - 91_000 }),
    'InvalidSignatureException',
    'Signature expired: 20260709T122829Z is now earlier than 20260709T122830Z (20260709T123000Z - 90 sec.)',
  );
  refuses(
    await sign({ expiresIn: 604_800, at: now + 5 * minute + 1000 }),
    'InvalidSignatureException',
    'Signature not yet current: 20260709T123501Z is still later than 20260709T123500Z (20260709T123000Z + 5 min.)',
  );
});

test('a request can be signed for a week in advance and no longer', async () => {
  verifier({ keys, services })(await sign({ expiresIn: 604_800, at: now - 604_800_000 }), now);
  const request = await sign({ expiresIn: 60 });
  for (const expires of ['0', '-1', '604801', '1e3', '6 0', '']) {
    const target = request.target.replace('Expires=60', `Expires=${expires}`);
    refuses(
      { ...request, target },
      'IncompleteSignatureException',
      'X-Amz-Expires must be a number of seconds from 1 to 604800.',
    );
  }
});

test('the host has to be signed', async () => {
  refuses(
    await sign({ unsigned: ['host'] }),
    'InvalidSignatureException',
    "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
  );
});

test('regions and services can be restricted', async () => {
  const options = { keys, regions: ['eu-west-1', 'eu-west-2'], services: ['kinesis', 'sts'] };
  verifier(options)(await sign({ region: 'eu-west-2', service: 'sts' }), now);
  refuses(
    await sign(),
    'InvalidSignatureException',
    'Credential should be scoped to a valid region. ',
    options,
  );
  refuses(
    await sign({ region: 'eu-west-1', service: 'kms' }),
    'InvalidSignatureException',
    "Credential should be scoped to correct service: 'kinesis', 'sts'. ",
    options,
  );
});

test('every x-amz-* header has to be signed', async () => {
  const refused = 'There were headers present in the request which were not signed: ';
  for (const name of ['x-amz-target', 'x-amz-date']) {
    refuses(await sign({ unsigned: [name] }), 'InvalidSignatureException', refused + name);
  }
  for (const expiresIn of [undefined, 60]) {
    const request = await sign(expiresIn === undefined ? {} : { expiresIn });
    refuses(
      withHeader(request, 'X-Amz-Security-Token', 'stolen'),
      'InvalidSignatureException',
      `${refused}x-amz-security-token`,
    );
  }
});

test('SignedHeaders are in order and each there once', async () => {
  for (const list of ['x-amz-date;host', 'host;host', 'host;']) {
    refuses(
      await withAuthorization(/SignedHeaders=[^,]*/, `SignedHeaders=${list}`),
      'InvalidSignatureException',
      'SignedHeaders must be in order, and name each header once.',
    );
  }
});

test('a header that is signed and not there fails the signature', async () => {
  refuses(withHeader(await sign(), 'content-type', undefined), 'InvalidSignatureException', wrongSignature);
});

test('an unknown key is refused, whatever its signature', async () => {
  refuses(await sign({ accessKeyId: 'AKIDNOBODY' }), 'UnrecognizedClientException', wrongToken);
  const guessed = await sign({ accessKeyId: 'AKIDNOBODY', key: { secretAccessKey: 'nobody' } });
  refuses(guessed, 'UnrecognizedClientException', wrongToken);
});

test('another secret, another body and a malformed signature fail alike', async () => {
  const request = await sign();
  for (const refused of [
    await sign({ key: { secretAccessKey: 'guessed' } }),
    { ...request, body: Buffer.from('{}') },
    await withAuthorization(/Signature=.*/, 'Signature=abc'),
    await withAuthorization(/Signature=.*/, (text) => `Signature=${text.slice(10).toUpperCase()}`),
  ]) {
    refuses(refused, 'InvalidSignatureException', wrongSignature);
  }
});

test("a declared payload hash has to be the body's", async () => {
  const headers = { host: 'h', 'x-amz-target': 'Kinesis_20131202.ListStreams' };
  const declared = (hash: string) =>
    sign({ headers: { ...headers, 'x-amz-content-sha256': hash }, body: '' });
  const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'; // FIPS 180-4, of no bytes
  verifier({ keys, services })(await declared(empty), now);
  for (const hash of ['UNSIGNED-PAYLOAD', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD', empty.replace('e', 'f')]) {
    refuses(await declared(hash), 'InvalidSignatureException', wrongSignature);
  }
});

test('a temporary key comes with its token, and another key with none', async () => {
  const temporary = { ...key, sessionToken: 'token' };
  const options = { keys: { find: () => temporary }, services };
  for (const expiresIn of [undefined, 60]) {
    const kind = expiresIn === undefined ? {} : { expiresIn };
    const request = await sign({ key: temporary, ...kind });
    assert.equal(verifier(options)(request, now).sessionToken, 'token');
    const other = await sign({ key: { ...key, sessionToken: 'tokem' }, ...kind });
    refuses(await sign(kind), 'UnrecognizedClientException', wrongToken, options);
    refuses(other, 'UnrecognizedClientException', wrongToken, options);
    refuses(request, 'UnrecognizedClientException', wrongToken, { keys, services });
  }
});

test('a temporary key ends', async () => {
  const temporary = { ...key, sessionToken: 'token', expiresAt: now + 1 };
  const verify = verifier({ keys: { find: () => temporary }, services });
  const request = await sign({ key: temporary });
  verify(request, now);
  assert.throws(
    () => verify(request, now + 1),
    new ServiceError('ExpiredTokenException', 'The security token included in the request is expired'),
  );
});

test('a secret that was replaced stops working at once', async () => {
  let current = key;
  const verify = verifier({ keys: { find: () => current }, services });
  const request = await sign();
  verify(request, now);
  current = { secretAccessKey: 'new' };
  assert.throws(() => verify(request, now), new ServiceError('InvalidSignatureException', wrongSignature));
});

test('the body is not looked at before everything else is right', async () => {
  const looked = new Error('looked at the body');
  const veil = (request: HttpMessage): HttpMessage => ({
    ...request,
    get body(): Buffer {
      throw looked;
    },
  });
  const verify = verifier({ keys, services });
  for (const request of [
    withHeader(await sign(), 'authorization', undefined),
    await sign({ at: now - 10 * minute }),
    await sign({ service: 'sqs' }),
    await sign({ unsigned: ['x-amz-target'] }),
    await withAuthorization(/Signature=.*/, 'Signature=abc'),
  ]) {
    assert.throws(() => verify(veil(request), now), ServiceError);
  }
  const request = await sign();
  assert.throws(() => verify(veil(request), now), looked);
});

test('a head without measure is refused before it is read', async () => {
  const request = withHeader(await sign(), 'my-header', 'x'.repeat(64 * 1024));
  refuses(request, 'InvalidSignatureException', "The request's head is longer than 65536 bytes.");
});

test('a thousand signing keys are kept, and the oldest goes first', () => {
  const signingKeys = new SigningKeys();
  const scope = (index: number) => ({ date: '20260709', region: `r-${index}`, service: 'kinesis' });
  const made = Array.from({ length: 1001 }, () => new HmacKey(Buffer.alloc(32)));
  for (const [index, one] of made.entries()) signingKeys.keep('secret', scope(index), one);
  assert.equal(signingKeys.find('secret', scope(0)), undefined);
  assert.equal(signingKeys.find('secret', scope(1)), made[1]);
  assert.equal(signingKeys.find('secret', scope(1000)), made[1000]);
  assert.equal(signingKeys.find('other', scope(1000)), undefined);
});
