import { detached, unthinkable } from '../../../env/detached.ts';
import type { Segment } from '../segment.ts';
import { Block } from './block.ts';
import { BlockMemory } from './block-memory.ts';
import type { OpenFiles } from './open-files.ts';
import { ReadQueue } from './read-queue.ts';

/** Where the blocks of a finished segment begin, ascending; the last entry is where its frames end. */
export type BlockBorders = readonly number[];

/**
 * Large pieces of finished segments, shared by all who read the stream: its shards are interleaved, so one
 * read serves the readers of all of them. A piece is read once while it is here, however many wait for it.
 */
export class BlockCache {
  readonly #files: OpenFiles;
  readonly #bytesMax: number;
  readonly #memory: BlockMemory;
  readonly #reads = new ReadQueue(readsMax);
  /** In the order of use, the last used last. */
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  constructor(files: OpenFiles, bytesMax: number, blockBytes: number) {
    this.#files = files;
    this.#bytesMax = bytesMax;
    this.#memory = new BlockMemory(blockBytes);
  }

  /**
   * What `work` finds in a block of a segment. The block may be gone once it returns. Who comes from the
   * block before it finds the one after it under way.
   */
  async use<T>(
    segment: Segment,
    borders: BlockBorders,
    number: number,
    work: (block: Block) => T,
  ): Promise<T> {
    const isSequential = number === 0 || this.#entries.has(keyOf(segment, number - 1));
    const entry = this.#touch(segment, borders, number);
    entry.users++;
    if (isSequential && number + 2 < borders.length) this.#touch(segment, borders, number + 1);
    try {
      const block = await entry.block;
      const found = work(block);
      entry.isShared ||= block.isShared;
      return found;
    } finally {
      this.#leave(entry);
    }
  }

  #touch(segment: Segment, borders: BlockBorders, number: number): Entry {
    const key = keyOf(segment, number);
    const entry = this.#entries.get(key) ?? this.#begin(segment, borders, number);
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry;
  }

  #begin(segment: Segment, borders: BlockBorders, number: number): Entry {
    const entry = new Entry(keyOf(segment, number));
    const [begin, end] = [borders[number]!, borders[number + 1]!];
    entry.block = this.#reads.run({ path: segment.path, number }, () =>
      this.#files.use(segment.path, async (file) => {
        const bytes = this.#memoryFor(entry, end - begin);
        return new Block(segment, begin, bytes.subarray(0, await file.read(bytes, begin)));
      }),
    );
    detached(this.#settle(entry), unthinkable);
    return entry;
  }

  async #settle(entry: Entry): Promise<void> {
    try {
      await entry.block;
    } catch {
      // Whoever waits for it hears of the failure; the next one tries again.
      this.#forget(entry);
    }
    this.#leave(entry);
  }

  #memoryFor(entry: Entry, length: number): Buffer {
    this.#makeRoom(length);
    entry.memory = this.#memory.take(length);
    this.#bytes += entry.memory.length;
    this.#memory.shrinkTo(this.#bytesMax - this.#bytes);
    return entry.memory.subarray(0, length);
  }

  #leave(entry: Entry): void {
    entry.users--;
    if (this.#entries.get(entry.key) !== entry) this.#free(entry);
    else if (this.#bytes > this.#bytesMax) this.#makeRoom(0);
    this.#memory.shrinkTo(this.#bytesMax - this.#bytes);
  }

  /**
   * Forgets what was not used for longest. What is in use stays: there is more than there should be until it
   * is not.
   */
  #makeRoom(bytes: number): void {
    for (const entry of this.#entries.values()) {
      if (this.#bytes + bytes <= this.#bytesMax) break;
      if (entry.users === 0) this.#forget(entry);
    }
  }

  #forget(entry: Entry): void {
    this.#entries.delete(entry.key);
    this.#bytes -= entry.memory.length;
    this.#free(entry);
  }

  /** What is part of an answer is given up to the collector. */
  #free({ memory, users, isShared }: Entry): void {
    if (users === 0 && !isShared) this.#memory.give(memory);
  }
}

/** A block that is here, or is about to be. */
class Entry {
  readonly key: string;
  block!: Promise<Block>;
  /** None before it is its turn to be read. */
  memory: Buffer = nothing;
  /** Who reads into its memory or from it, or is about to. */
  users = 1;
  /** Its memory is part of an answer. */
  isShared = false;

  constructor(key: string) {
    this.key = key;
  }
}

const nothing = Buffer.alloc(0);

/** Also where there are only the four threads for files that Node has by itself, rounds find one free. */
const readsMax = 3;

function keyOf({ path }: Segment, number: number): string {
  return `${path} ${number}`;
}
