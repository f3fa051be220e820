import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest as SmithyRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { type SigningCredentials, signedHeaders } from '../../../src/access/sigv4/sign.ts';
import { now, verifier } from './signer.ts';

const visible = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
  minLength: 1,
});
const text = fc.string({ unit: 'grapheme', maxLength: 8 });

const order = fc.record({
  method: fc.constantFrom('POST', 'GET'),
  path: fc.array(text.map(encodeURIComponent), { maxLength: 3 }).map((parts) => `/${parts.join('/')}`),
  query: fc.dictionary(
    text.filter((name) => name !== '' && !/^x-amz-|^__proto__$/i.test(name)),
    text,
    { maxKeys: 3, noNullPrototype: true },
  ),
  words: fc.array(visible, { minLength: 1, maxLength: 3 }),
  body: fc.uint8Array({ maxLength: 100 }),
  credentials: fc.record(
    { accessKeyId: fc.stringMatching(/^[A-Z0-9]{16}$/), secretAccessKey: visible, sessionToken: visible },
    { requiredKeys: ['accessKeyId', 'secretAccessKey'] },
  ),
});

const scope = { region: 'eu-west-1', service: 'iam' };

test("what is signed here has the SDK's signature", async () => {
  await fc.assert(
    fc.asyncProperty(order, async ({ method, path, query, words, body, credentials }) => {
      const headers = { Host: 'localhost:4567', 'X-Amz-Target': 'A.B', 'my-words': words.join('  ') };
      const signed = signedHeaders(
        { method, target: targetOf(path, query), headers, body },
        credentials,
        scope,
        now,
      );
      const expected = await signer(credentials).sign(
        new SmithyRequest({ method, path, query, headers, body }),
        { signingDate: new Date(now) },
      );
      assert.equal(signed['authorization'], expected.headers['authorization']);
      assert.equal(signed['x-amz-security-token'], credentials.sessionToken);
    }),
    { numRuns: 100 },
  );
});

test("what is signed for S3 has the SDK's signature: the path as it is, and a hash that is given", async () => {
  const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 's' };
  const s3 = { region: 'eu-west-1', service: 's3' };
  await fc.assert(
    fc.asyncProperty(order, fc.constantFrom(undefined, 'UNSIGNED-PAYLOAD'), async (each, payloadHash) => {
      const { method, query, body } = each;
      const path = each.path.replaceAll('%2F', '//');
      const hash = payloadHash ?? createHash('sha256').update(body).digest('hex');
      const headers = { host: 'b.localhost:4567', 'x-amz-content-sha256': hash };
      const unsigned = { method, target: targetOf(path, query), headers, body, payloadHash: hash };
      const expected = await signer(credentials, s3).sign(
        new SmithyRequest({ method, path, query, headers, body }),
        { signingDate: new Date(now) },
      );
      assert.equal(
        signedHeaders(unsigned, credentials, s3, now)['authorization'],
        expected.headers['authorization'],
      );
    }),
    { numRuns: 50 },
  );
});

test('what is signed here is accepted here, and not for another service', () => {
  const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 's' };
  const request = { method: 'POST', target: '/?b=2&a=1', body: Buffer.from('Action=ListUsers') };
  const headers = signedHeaders({ ...request, headers: { host: 'h' } }, credentials, scope, now);
  const message = { ...request, rawHeaders: Object.entries(headers).flat() };
  const keys = { find: () => credentials };
  assert.deepEqual(verifier({ keys, services: ['iam'] })(message, now), {
    accessKeyId: 'AKIAEXAMPLE',
    ...scope,
  });
  assert.throws(() => verifier({ keys, services: ['kinesis'] })(message, now), /correct service: 'kinesis'/);
});

test('a request that is signed anew has no other signature in it', () => {
  const headers = { Host: 'h', Authorization: 'old', 'X-Amz-Security-Token': 'old', 'X-Amz-Date': 'old' };
  const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 's' };
  const signed = signedHeaders({ method: 'POST', target: '/', headers, body: '' }, credentials, scope, now);
  assert.deepEqual(Object.keys(signed), ['host', 'x-amz-date', 'authorization']);
  assert.doesNotMatch(JSON.stringify(signed), /old/);
});

function targetOf(path: string, query: Readonly<Record<string, string>>): string {
  const parts = Object.entries(query).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  return parts.length === 0 ? path : `${path}?${parts.join('&')}`;
}

function signer(
  { accessKeyId, secretAccessKey, sessionToken }: SigningCredentials,
  signed = scope,
): SignatureV4 {
  return new SignatureV4({
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
    ...signed,
    sha256: Sha256,
    applyChecksum: false,
    uriEscapePath: signed.service !== 's3',
  });
}
