import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom } from '../../harness/random.ts';
import { type BlockEvent, CrashImages } from '../../torture/block-trace.ts';

const sector = 512;
const write = (index: number, value: number, sectors = 1): BlockEvent => {
  return { kind: 'write', offset: index * sector, bytes: new Uint8Array(sectors * sector).fill(value) };
};
const flush: BlockEvent = { kind: 'flush' };
const sectorsOf = (image: Buffer) =>
  Array.from({ length: image.length / sector }, (_, index) => image[index * sector]!);
const imagesOf = (events: readonly BlockEvent[], position: number) =>
  Array.from({ length: 60 }, (_, seed) =>
    sectorsOf(new CrashImages(Buffer.alloc(4 * sector), events).at(position, new SeededRandom(seed))),
  );

test('what was flushed is in every image', () => {
  const events = [write(0, 1), write(1, 2), flush, write(0, 3)];
  for (const [first, second] of imagesOf(events, 4)) {
    assert.equal(second, 2);
    assert.ok(first === 1 || first === 3);
  }
});

test('what was not flushed may be there, be missing, or be torn at a sector', () => {
  const seen = new Set(imagesOf([write(0, 7, 2)], 1).map(([first, second]) => `${first} ${second}`));
  assert.deepEqual([...seen].sort(), ['0 0', '0 7', '7 0', '7 7']);
});

test('what came after the cut is in no image', () => {
  for (const sectors of imagesOf([flush, write(2, 9), flush], 1)) assert.deepEqual(sectors, [0, 0, 0, 0]);
});

test('later cuts build on earlier ones', () => {
  const images = new CrashImages(Buffer.alloc(4 * sector), [write(0, 1), flush, write(1, 2), flush]);
  const random = new SeededRandom(1);
  assert.deepEqual(sectorsOf(images.at(2, random)), [1, 0, 0, 0]);
  assert.deepEqual(sectorsOf(images.at(4, random)), [1, 2, 0, 0]);
});
