import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cbor } from '../../src/wire/cbor/cbor.ts';
import { rpcCbor } from '../../src/wire/cbor/rpc-cbor.ts';
import { json } from '../../src/wire/json/json.ts';
import * as s from '../../src/wire/shape.ts';
import { anyCharacter } from '../any-character.ts';

type Case = { shape: s.Shape; value: fc.Arbitrary<unknown> };

/** Any text that UTF-8 can say. */
const text = fc.string({ unit: anyCharacter });
const leaves: Case[] = [
  { shape: s.string(), value: text },
  { shape: s.integer(), value: fc.integer() },
  { shape: s.long(), value: fc.maxSafeInteger() },
  { shape: s.boolean(), value: fc.boolean() },
  { shape: s.timestamp(), value: fc.integer({ min: -1e13, max: 1e13 }) },
  { shape: s.blob(), value: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
  {
    shape: s.map(s.string()),
    value: fc
      .dictionary(text, text, { noNullPrototype: false })
      .map((map) => Object.assign(Object.create(null), map)),
  },
];

const { any } = fc.letrec<{ any: Case }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(...leaves),
    tie('any').map(listOf),
    structureOf(tie('any')),
  ),
}));

function listOf({ shape, value }: Case): Case {
  return { shape: s.list(shape), value: fc.array(value, { maxLength: 5 }) };
}

function structureOf(member: fc.Arbitrary<Case>): fc.Arbitrary<Case> {
  // Sizes around 24 and 256 are where a name's head grows in CBOR.
  const long = fc.integer({ min: 20, max: 260 }).map((length) => 'n'.repeat(length));
  const name = fc.oneof(fc.stringMatching(/^\w+$/), long).filter((key) => !(key in {}));
  const members = fc.uniqueArray(fc.tuple(name, member), { maxLength: 4, selector: ([key]) => key });
  return members.map((entries) => {
    const shapes = Object.fromEntries(entries.map(([key, { shape }]) => [key, shape]));
    const values = Object.fromEntries(entries.map(([key, { value }]) => [key, value]));
    const value = fc.record(values, { requiredKeys: [], noNullPrototype: true });
    return { shape: s.structure('S', shapes), value };
  });
}

for (const codec of [json, cbor, rpcCbor]) {
  test(`any value of any shape comes back from ${codec.contentType}`, () => {
    const sample = structureOf(any).chain(({ shape, value }) => value.map((content) => ({ shape, content })));
    fc.assert(
      fc.property(sample, ({ shape, content }) => {
        const body = codec.encode(content as never, shape);
        assert.ok(codec.wellFormed(body));
        assert.deepEqual(codec.decode(body, shape), content);
      }),
      { numRuns: 500 },
    );
  });
}
