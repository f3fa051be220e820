import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import type { HttpRequest as SmithyRequest } from '@smithy/protocol-http';
import fc from 'fast-check';
import { accessKeyId, key, now, type Order, received, services, sign, verifier } from './signer.ts';

const visible = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
});
const word = fc.stringMatching(/^[A-Za-z0-9]{1,12}$/);
const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const segment = fc.oneof(
  text.map(encodeURIComponent),
  fc.constantFrom('', '.', '..', "a'b(c)*!", '~x', '%7Ex'),
);

const order: fc.Arbitrary<Order> = fc.record({
  method: fc.constantFrom('POST', 'GET', 'PUT'),
  path: fc.array(segment, { maxLength: 4 }).map((segments) => `/${segments.join('/')}`),
  query: fc.dictionary(
    text.filter((name) => name !== '' && !/^x-amz-|^__proto__$/i.test(name)),
    fc.oneof(text, fc.array(text, { minLength: 1, maxLength: 3 })),
    { maxKeys: 4, noNullPrototype: true },
  ),
  headers: fc
    .dictionary(
      word.map((name) => `my-${name}`),
      fc
        .array(visible, { maxLength: 4 })
        .chain((words) => fc.constantFrom(' ', '  ', '\t', ' \t ').map((blank) => words.join(blank))),
      { maxKeys: 4, noNullPrototype: true },
    )
    // Names that differ in case only are one header; the signer takes but one of them.
    .filter(
      (headers) =>
        new Set(Object.keys(headers).map((name) => name.toLowerCase())).size === Object.keys(headers).length,
    )
    .map((headers) => ({ Host: 'localhost:4567', 'X-Amz-Target': 'Kinesis_20131202.PutRecord', ...headers })),
  body: fc.uint8Array({ maxLength: 200 }),
  accessKeyId: word,
  key: fc.record(
    {
      secretAccessKey: visible.filter((secret) => secret !== ''),
      sessionToken: visible.filter((token) => token !== ''),
    },
    { requiredKeys: ['secretAccessKey'] },
  ),
  region: fc.stringMatching(/^[a-z]{2}-[a-z]{4,9}-[1-9]$/),
});

for (const [kind, expiresIn] of [
  ['with a header', undefined],
  ['in advance', 900],
] as const) {
  test(`whatever the SDK signs ${kind} is accepted, and as its signer's`, async () => {
    await fc.assert(
      fc.asyncProperty(order, async (order) => {
        const request = await sign({ ...order, ...(expiresIn && { expiresIn }) });
        const find = (id: string) => (id === order.accessKeyId ? order.key : undefined);
        const { sessionToken } = order.key!;
        assert.deepEqual(verifier({ keys: { find }, services })(request, now), {
          accessKeyId: order.accessKeyId,
          region: order.region,
          service: 'kinesis',
          ...(sessionToken !== undefined && { sessionToken }),
        });
      }),
      { numRuns: 300 },
    );
  });
}

test('a request of the Kinesis client, which signs :authority in place of host, is accepted', async () => {
  const sent: SmithyRequest[] = [];
  const client = new KinesisClient({
    endpoint: 'http://localhost:4567',
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey: key.secretAccessKey },
    maxAttempts: 1,
    requestHandler: {
      metadata: { handlerProtocol: 'h2' },
      handle: async (request: SmithyRequest) => {
        sent.push(request);
        throw new Error('nothing is sent');
      },
    },
  });
  await assert.rejects(client.send(new ListStreamsCommand({ Limit: 1 })), /nothing is sent/);
  const request = sent[0]!;
  assert(request.headers['authorization']!.includes(':authority'));
  const verify = verifier({ keys: { find: () => key }, services });
  const signedAt = request.headers['x-amz-date']!.replace(/(....)(..)(..T..)(..)/, '$1-$2-$3:$4:');
  assert.equal(
    verify(received(request, Buffer.concat([request.body])), Date.parse(signedAt)).accessKeyId,
    accessKeyId,
  );
});
