import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Disk } from '../../../../src/env/disk.ts';
import { BlockCache } from '../../../../src/log/embedded/read/block-cache.ts';
import { OpenFiles } from '../../../../src/log/embedded/read/open-files.ts';
import type { Segment } from '../../../../src/log/embedded/segment.ts';

const blockBytes = 100;
const blocks = 50;
const borders = Array.from({ length: blocks + 1 }, (_, number) => number * blockBytes);

/** A cache of four blocks on a file of zeros, which keeps count of what is read, and into what. */
class Reading {
  readonly memories = new Set<ArrayBufferLike>();
  readonly positions: number[] = [];
  fails = false;
  readonly #segment = { path: 'stream/1', epoch: { high: 1, low: 1 } } as Segment;
  readonly #cache: BlockCache;

  constructor() {
    const read = async (into: Uint8Array, position: number) => {
      if (this.fails) throw new Error('EIO');
      this.memories.add(into.buffer);
      this.positions.push(position);
      return into.length;
    };
    const disk = { open: async () => ({ read }) } as unknown as Disk;
    this.#cache = new BlockCache(new OpenFiles(disk, 10), 4 * blockBytes, blockBytes);
  }

  use(number: number, isPassing = false): Promise<void> {
    return this.#cache.use(this.#segment, borders, number, () => {}, isPassing);
  }

  get pieces(): number {
    return this.memories.size;
  }
}

test('a block is read once for all readers that want it at the same time', async () => {
  const reading = new Reading();
  await Promise.all(Array.from({ length: 64 }, () => reading.use(7)));
  assert.deepEqual(reading.positions, [700]);
});

test('a reader that comes from the block before finds the next one under way', async () => {
  const reading = new Reading();
  await reading.use(7);
  await reading.use(8);
  assert.deepEqual(reading.positions, [700, 800, 900]);
});

test('all of a long file is read into the memory of a few blocks', async () => {
  const reading = new Reading();
  for (let number = 0; number < blocks; number++) await reading.use(number);
  assert.equal(reading.positions.length, blocks);
  assert.ok(reading.pieces <= 4, `${reading.pieces} pieces of memory`);
});

test('blocks take no more memory than they may, however many are wanted at once', async () => {
  const reading = new Reading();
  await Promise.all(Array.from({ length: blocks }, (_, number) => reading.use(number)));
  assert.equal(new Set(reading.positions).size, blocks);
  assert.ok(reading.pieces <= 4, `${reading.pieces} pieces of memory`);
});

test('a block that could not be read is read again for the next reader', async () => {
  const reading = new Reading();
  reading.fails = true;
  await assert.rejects(reading.use(7), { message: 'EIO' });
  reading.fails = false;
  await reading.use(7);
  assert.deepEqual(reading.positions, [700]);
});

test('a reader that passes takes little memory, and leaves what others read', async () => {
  const reading = new Reading();
  for (const number of [7, 8]) await reading.use(number);
  for (let number = 20; number < blocks; number++) await reading.use(number, true);
  await reading.use(8, true);
  const { length } = reading.positions;
  for (const number of [7, 8]) await reading.use(number);
  assert.equal(reading.positions.length, length);
  assert.ok(reading.pieces <= 5, `${reading.pieces} pieces of memory`);
});
