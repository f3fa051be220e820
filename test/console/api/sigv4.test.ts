import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dayKey, dayOf, escaped, queryText, signedHeaders } from '../../../console/api/sigv4.ts';
import { signedHeaders as signedByServer } from '../../../src/access/sigv4/sign.ts';

const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const accessKeyId = 'AKIDEXAMPLE';

const texts = fc.string({ unit: 'grapheme', maxLength: 20 });
const names = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/);
const headerValues = fc.stringMatching(/^[ -~]{0,30}$/);

const requests = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
  segments: fc.array(texts, { maxLength: 4 }),
  query: fc.array(fc.tuple(texts, texts), { maxLength: 5 }),
  headers: fc.dictionary(names, headerValues, { maxKeys: 4 }),
  body: fc.string({ unit: 'binary', maxLength: 100 }),
  region: names,
  service: fc.constantFrom('kinesis', 'iam', 'sts', 'millrace', 'lambda'),
  now: fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2099, 11, 31) }),
  sessionToken: fc.option(fc.stringMatching(/^[A-Za-z0-9+/=]{1,40}$/), { nil: undefined }),
});

test('a request is signed as the server reads it, whatever stands in it', () => {
  fc.assert(
    fc.property(requests, ({ segments, query, region, service, now, sessionToken, ...request }) => {
      // What a browser leaves of a path: it has no empty and no dot segments.
      const kept = segments.map(escaped).filter((segment) => !/^(?:\.{0,2}|%2E)+$/i.test(segment));
      const path = `/${kept.join('/')}`;
      const headers = { ...request.headers, host: 'localhost:4567' };
      const signer = { accessKeyId, sessionToken, region, service };
      const key = dayKey(secretAccessKey, dayOf(now));
      const signed = signedHeaders({ ...request, path, query, headers }, { ...signer, dayKey: key }, now);
      const target = query.length === 0 ? path : `${path}?${queryText(query)}`;
      const { host, ...expected } = signedByServer(
        { ...request, target, headers },
        { accessKeyId, secretAccessKey, sessionToken },
        { region, service },
        now,
      );
      assert.equal(host, 'localhost:4567');
      assert.deepEqual(signed, expected);
    }),
    { numRuns: 300 },
  );
});
