import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeRandom } from '../../src/env/node-random.ts';
import { uuid } from '../../src/env/random.ts';

test('no byte is given out twice, however the amounts fall', () => {
  const random = nodeRandom();
  const given = Array.from({ length: 2000 }, (_, index) => random.bytes(12 + (index % 90)));
  const places = given.map(({ buffer, byteOffset, length }) => ({
    buffer,
    from: byteOffset,
    to: byteOffset + length,
  }));
  for (let index = 1; index < places.length; index++) {
    const [before, place] = [places[index - 1]!, places[index]!];
    assert.ok(place.buffer !== before.buffer || place.from >= before.to);
  }
  assert.equal(new Set(given.map((bytes) => bytes.toString('hex'))).size, given.length);
});

test('amounts above a page come whole', () => {
  const bytes = nodeRandom().bytes(100_000);
  assert.equal(bytes.length, 100_000);
  assert.ok(new Set(bytes).size > 200);
});

test('a UUID is of version 4', () => {
  assert.match(uuid(nodeRandom()), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
