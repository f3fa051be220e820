import { detached, unthinkable } from '../../../env/detached.ts';
import type { Segment } from '../segment.ts';
import { Block } from './block.ts';
import { BlockMemory } from './block-memory.ts';
import type { OpenFiles } from './open-files.ts';
import { ReadQueue } from './read-queue.ts';

/** Where the blocks of a finished segment begin, ascending; the last entry is where its frames end. */
type BlockBorders = readonly number[];

/**
 * Large pieces of finished segments, shared by all readers of the stream: its shards are interleaved, so one
 * read serves the readers of all of them. A piece is read once while it is here, however many readers wait
 * for it.
 */
export class BlockCache {
  readonly #files: OpenFiles;
  readonly #bytesMax: number;
  readonly #memory: BlockMemory;
  readonly #reads = new ReadQueue(readsMax);
  /** Those of archived segments, which may take long, and must not be waited for by others. */
  readonly #archivedReads = new ReadQueue(archivedReadsMax);
  /** The least recently used first. */
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  constructor(files: OpenFiles, bytesMax: number, blockBytes: number) {
    this.#files = files;
    this.#bytesMax = bytesMax;
    this.#memory = new BlockMemory(blockBytes);
  }

  /**
   * What `work` finds in a block of a segment. The block may be gone once it returns. When it is the first,
   * or the block before it is here, a reader is passing through: the block after it is read ahead. For one
   * that is `passing` all of the log, what is read takes a small part of the memory only.
   */
  async use<T>(
    segment: Segment,
    borders: BlockBorders,
    number: number,
    work: (block: Block) => T,
    isPassing = false,
  ): Promise<T> {
    const isSequential = number === 0 || this.#entries.has(keyOf(segment, number - 1));
    const entry = this.#touch(segment, borders, number, isPassing);
    entry.users++;
    if (isSequential && number + 2 < borders.length) this.#touch(segment, borders, number + 1, isPassing);
    try {
      const block = await entry.block;
      const found = work(block);
      entry.isShared ||= block.isShared;
      return found;
    } finally {
      this.#leave(entry);
    }
  }

  #touch(segment: Segment, borders: BlockBorders, number: number, isPassing: boolean): Entry {
    const key = keyOf(segment, number);
    const entry = this.#entries.get(key) ?? this.#begin(segment, borders, number, isPassing);
    // What others read does not stay for longer because of one that passes.
    if (isPassing && !entry.isPassing) return entry;
    entry.isPassing = isPassing;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry;
  }

  #begin(segment: Segment, borders: BlockBorders, number: number, isPassing: boolean): Entry {
    const entry = new Entry(keyOf(segment, number), isPassing);
    this.#entries.set(entry.key, entry);
    const [begin, end] = [borders[number]!, borders[number + 1]!];
    const reads = this.#files.isArchived(segment.path) ? this.#archivedReads : this.#reads;
    entry.block = reads.run({ path: segment.path, number }, () =>
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
      // Readers that wait for the block get the error; the next one tries again.
      this.#forget(entry);
    }
    this.#leave(entry);
  }

  #memoryFor(entry: Entry, length: number): Buffer {
    if (entry.isPassing) this.#makeRoomOfPassing(length);
    this.#makeRoom(length);
    entry.memory = this.#memory.take(length);
    this.#bytes += entry.memory.length;
    this.#memory.shrinkTo(this.#bytesMax - this.#bytes);
    return entry.memory.subarray(0, length);
  }

  #leave(entry: Entry): void {
    entry.users--;
    if (this.#entries.get(entry.key) !== entry) this.#free(entry);
    else if (entry.isPassing) this.#makeRoomOfPassing(0);
    else if (this.#bytes > this.#bytesMax) this.#makeRoom(0);
    this.#memory.shrinkTo(this.#bytesMax - this.#bytes);
  }

  /**
   * Forgets the least recently used. Blocks in use stay: until they are released there may be more than there
   * should be.
   */
  #makeRoom(bytes: number): void {
    for (const entry of this.#entries.values()) {
      if (this.#bytes + bytes <= this.#bytesMax) break;
      if (entry.users === 0) this.#forget(entry);
    }
  }

  /** The same of what was read for those that pass. */
  #makeRoomOfPassing(bytes: number): void {
    const passing = [...this.#entries.values()].filter(({ isPassing }) => isPassing);
    let held = passing.reduce((sum, { memory }) => sum + memory.length, bytes);
    for (const entry of passing) {
      if (held <= this.#bytesMax / passingShare) break;
      if (entry.users > 0) continue;
      held -= entry.memory.length;
      this.#forget(entry);
    }
  }

  #forget(entry: Entry): void {
    this.#entries.delete(entry.key);
    this.#bytes -= entry.memory.length;
    this.#free(entry);
  }

  /** Memory that is part of an answer is left to the garbage collector. */
  #free({ memory, users, isShared }: Entry): void {
    if (users === 0 && !isShared) this.#memory.give(memory);
  }
}

/** A block that is here, or is about to be. */
class Entry {
  readonly key: string;
  /** Nobody has asked for it but readers that pass. */
  isPassing: boolean;
  block!: Promise<Block>;
  /** Empty until it is the block's turn to be read. */
  memory: Buffer = nothing;
  /** How many read into its memory or from it, or are about to. */
  users = 1;
  /** Its memory is part of an answer. */
  isShared = false;

  constructor(key: string, isPassing: boolean) {
    this.key = key;
    this.isPassing = isPassing;
  }
}

const nothing = Buffer.alloc(0);

/** Enough for one that goes through the shards of a stream in turns, a few MiB at a time. */
const passingShare = 8;

/** Even with the four threads for files that Node has by default, rounds find one free. */
const readsMax = 3;
const archivedReadsMax = 8;

function keyOf({ path }: Segment, number: number): string {
  return `${path} ${number}`;
}
