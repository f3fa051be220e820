import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { makeTokens } from '../../src/stream/token.ts';
import { anyCharacter } from '../any-character.ts';
import { TestRandom } from '../log/world.ts';

const random = new TestRandom(1);
const secret = random.bytes(32);
const tokens = makeTokens(secret, random);
const sealed = tokens.seal('iterator', [1, 'orders', 2]);

test('a value comes out as it went in', () => {
  const field = fc.oneof(fc.string({ unit: anyCharacter }), fc.maxSafeInteger());
  fc.assert(
    fc.property(fc.string(), fc.array(field), (purpose, value) => {
      assert.deepEqual(tokens.unseal(purpose, tokens.seal(purpose, value)), value);
    }),
  );
});

test('a token is fresh each time, and good again after a restart', () => {
  assert.notEqual(tokens.seal('iterator', [1]), tokens.seal('iterator', [1]));
  assert.deepEqual(makeTokens(secret, new TestRandom(2)).unseal('iterator', sealed), [1, 'orders', 2]);
});

test('a token looks like one of AWS: base64, 00…01, then a multiple of 16 bytes', () => {
  const bytes = Buffer.from(sealed, 'base64');
  assert.equal(bytes.toString('base64'), sealed);
  assert.equal(bytes.subarray(0, 8).toString('hex'), '0000000000000001');
  assert.equal((bytes.length - 8) % 16, 0);
});

test('the longest iterator is short enough for the API', () => {
  const longest = [
    1_700_000_000_123,
    '000000000000',
    'us-gov-west-1',
    'n'.repeat(128),
    '999999',
    2 ** 31,
    2 ** 53,
  ];
  assert.ok(tokens.seal('iterator', longest).length <= 512);
});

test('a token sealed for another purpose means nothing', () => {
  assert.equal(tokens.unseal('ListShards', sealed), undefined);
});

test("a token of another server's means nothing", () => {
  const other = makeTokens(new TestRandom(3).bytes(32), random);
  assert.equal(other.unseal('iterator', sealed), undefined);
});

test('no part of a token means anything', () => {
  for (let length = 0; length < sealed.length; length++) {
    assert.equal(tokens.unseal('iterator', sealed.slice(0, length)), undefined, `${length} characters`);
  }
});

test('a token with any character changed, or something added, means nothing', () => {
  for (let at = 0; at < sealed.length; at++) {
    const other = sealed[at] === 'A' ? 'B' : 'A';
    const changed = sealed.slice(0, at) + other + sealed.slice(at + 1);
    assert.equal(tokens.unseal('iterator', changed), undefined, `character ${at}`);
  }
  for (const added of ['A', 'AAAA', '=', ' ', '\n', '!']) {
    assert.equal(tokens.unseal('iterator', sealed + added), undefined, JSON.stringify(added));
  }
});

test('whatever is not a token means nothing', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: anyCharacter }), fc.base64String()), (text) => {
      assert.equal(tokens.unseal('iterator', text), undefined);
    }),
  );
});
