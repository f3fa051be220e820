import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openRemoteKeys, RemoteKeys } from '../../../src/access/keys/remote-keys.ts';
import type { ClientSend, HttpClient } from '../../../src/env/http-client.ts';
import { settled, TestClock, TestRandom } from '../../log/world.ts';

const kms = {
  url: 'https://kms.eu-central-1.amazonaws.com',
  region: 'eu-central-1',
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
};
const arn = 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const context = { 'aws:kinesis:arn': 'arn:aws:kinesis:eu-central-1:111122223333:stream/s' };
const answered = (status: number, body: object) => ({
  status,
  headers: {},
  body: Buffer.from(JSON.stringify(body)),
});

/** A service that answers one after the other, and what it was sent. */
function serviceOf(...answers: (ReturnType<typeof answered> | Error | 'nothing')[]) {
  const sent: ClientSend[] = [];
  const pauses: number[] = [];
  let isSilent = false;
  const clock = Object.assign(new TestClock(), {
    async sleep(delay: number, signal?: AbortSignal) {
      if (delay !== 5_000) pauses.push(delay);
      else await settled();
      // The answer was there in time.
      if (!isSilent && signal !== undefined) await new Promise(() => {});
    },
  });
  const client: HttpClient = {
    send(request, signal) {
      sent.push(request);
      const answer = answers.shift()!;
      isSilent = answer === 'nothing';
      if (answer === 'nothing') {
        return new Promise((_, reject) => signal!.addEventListener('abort', () => reject(signal!.reason)));
      }
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };
  return { keys: new RemoteKeys(kms, { clock, random: new TestRandom(1), client }), sent, pauses };
}

test('a data key is asked for in the API of AWS KMS, signed, and bound to its stream', async () => {
  const secret = Buffer.alloc(32, 7);
  const { keys, sent } = serviceOf(
    answered(200, { KeyId: arn, Plaintext: secret.toString('base64'), CiphertextBlob: 'd3JhcHBlZA==' }),
    answered(200, { KeyId: arn, Plaintext: secret.toString('base64') }),
    answered(200, { KeyMetadata: { Arn: arn, KeyState: 'Disabled' } }),
  );
  const wrapped = Buffer.from('wrapped');
  assert.deepEqual(await keys.generateDataKey(arn, context), { arn, secret, wrapped });
  assert.deepEqual(await keys.decrypt(wrapped, context), { arn, secret });
  assert.deepEqual(await keys.describe('alias/mine'), { arn, isEnabled: false });
  assert.deepEqual(
    sent.map(({ headers, body }) => [headers['x-amz-target'], JSON.parse(String(body))]),
    [
      ['TrentService.GenerateDataKey', { KeyId: arn, KeySpec: 'AES_256', EncryptionContext: context }],
      ['TrentService.Decrypt', { CiphertextBlob: 'd3JhcHBlZA==', EncryptionContext: context }],
      ['TrentService.DescribeKey', { KeyId: 'alias/mine' }],
    ],
  );
  for (const { headers } of sent) {
    assert.match(headers['authorization']!, /Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/kms\/aws4_request/);
  }
});

test('what a KMS refuses becomes what is the matter with the key, in its own words, and is not tried again', async () => {
  const troubles = {
    DisabledException: 'disabled',
    AccessDeniedException: 'denied',
    NotFoundException: 'missing',
    KMSInvalidStateException: 'pending deletion',
    InvalidCiphertextException: 'denied',
  };
  for (const [type, code] of Object.entries(troubles)) {
    const { keys, sent } = serviceOf(answered(400, { __type: `com.amazonaws.kms#${type}`, message: 'why' }));
    await assert.rejects(keys.decrypt(Buffer.from('x'), context), { name: 'KeyError', code, message: 'why' });
    assert.equal(sent.length, 1);
  }
});

test('what fails for a moment is tried four times, with longer and longer pauses', async () => {
  const busy = answered(400, { __type: 'ThrottlingException', message: 'Rate exceeded' });
  const found = answered(200, { KeyMetadata: { Arn: arn, KeyState: 'Enabled' } });
  const away = new Error('ECONNREFUSED');
  const { keys, pauses } = serviceOf(busy, answered(503, {}), away, found);
  assert.deepEqual(await keys.describe(arn), { arn, isEnabled: true });
  assert.equal(pauses.length, 3);
  for (const [nth, pause] of pauses.entries()) {
    assert.ok(pause >= 50 * 2 ** nth && pause <= 100 * 2 ** nth, `${pause} ms`);
  }
  await assert.rejects(serviceOf(busy, busy, busy, busy).keys.describe(arn), { code: 'throttled' });
  await assert.rejects(serviceOf(away, away, away, away).keys.describe(arn), {
    code: 'unavailable',
    message: /cannot be asked: ECONNREFUSED$/,
  });
});

test('a KMS that does not answer, or answers nonsense, has no key to give', async () => {
  const silent = serviceOf('nothing', 'nothing', 'nothing', 'nothing');
  await assert.rejects(silent.keys.describe(arn), {
    code: 'unavailable',
    message: /no answer within 5000 ms$/,
  });
  const short = answered(200, { KeyId: arn, Plaintext: 'c2hvcnQ=', CiphertextBlob: 'd3JhcHBlZA==' });
  for (const answer of [answered(200, {}), answered(200, { KeyMetadata: {} }), short]) {
    const { keys } = serviceOf(answer, answer, answer, answer);
    await assert.rejects(keys.generateDataKey(arn, context), { name: 'KeyError', code: 'unavailable' });
  }
});

test('what a KMS says of the signature is not repeated', async () => {
  const message = 'The Canonical String for this request should have been x-amz-security-token:SECRET';
  const refused = answered(400, { __type: 'InvalidSignatureException', message });
  const { keys } = serviceOf(refused, refused, refused, refused);
  await assert.rejects(keys.describe('alias/mine'), {
    message: `The key service at ${kms.url} does not accept the credentials of --kms: InvalidSignatureException`,
  });
});

test('data keys do not go over a network in clear', async () => {
  const options = { kms: 'http://kms.example.com', kmsCredentials: undefined, region: undefined };
  const env = { clock: new TestClock(), random: new TestRandom(1), client: { send: () => assert.fail() } };
  await assert.rejects(openRemoteKeys(options, env), { name: 'StartError', message: /--kms .* https/ });
});
