import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ByteDictionary } from '../../../src/delivery/format/parquet/byte-dictionary.ts';
import { Slots } from '../../../src/delivery/format/parquet/slots.ts';

test('values that are chosen to collide are found out', () => {
  const slots = new Slots();
  const hashes = new Int32Array(1_000).fill(7);
  for (let entry = 0; entry < 1_000 && !slots.isCrowded; entry += 1) {
    let slot = slots.first(7);
    while (slots.entry(slot) >= 0) slot = slots.next(slot);
    slots.take(slot, entry, 7);
    if (slots.isToGrow) slots.grow(hashes.subarray(0, entry + 1));
  }
  assert(slots.isCrowded);
});

test('a dictionary that forgets its last values is as it was before them, and finds all others', () => {
  const dictionary = new ByteDictionary(true);
  const intern = (text: string) => dictionary.intern(Buffer.from(text), 0, Buffer.byteLength(text));
  for (let round = 0; round < 200; round += 1) {
    const { count, bytes } = dictionary;
    for (let value = 0; value <= round; value += 1) intern(`${round} of ${value}`);
    dictionary.truncate(count);
    assert.equal(dictionary.bytes, bytes);
    assert.equal(intern(`kept ${round}`), round);
  }
  for (let round = 0; round < 200; round += 1) assert.equal(intern(`kept ${round}`), round);
  assert.equal(dictionary.isCrowded, false);
});
