import { Block } from './block.ts';
import type { OpenFiles } from './open-files.ts';
import type { Segment } from './segment.ts';

/** Where the blocks of a finished segment begin, ascending; the last entry is where its frames end. */
export type BlockBorders = readonly number[];

type Entry = { readonly bytes: number; readonly block: Promise<Block> };

/**
 * Large pieces of finished segments, shared by all who read the stream: its shards are interleaved, so one read serves the
 * readers of all of them. A piece is read once while it is here, however many wait for it.
 */
export class BlockCache {
  readonly #files: OpenFiles;
  readonly #bytesMax: number;
  /** In the order of use, the last used last. */
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  constructor(files: OpenFiles, bytesMax: number) {
    this.#files = files;
    this.#bytesMax = bytesMax;
  }

  /** A block of a segment. Who comes from the one before it finds the one after it under way. */
  get(segment: Segment, borders: BlockBorders, number: number): Promise<Block> {
    const isSequential = number === 0 || this.#entries.has(keyOf(segment, number - 1));
    const { block } = this.#touch(segment, borders, number);
    if (isSequential && number + 2 < borders.length) this.#touch(segment, borders, number + 1);
    return block;
  }

  #touch(segment: Segment, borders: BlockBorders, number: number): Entry {
    const key = keyOf(segment, number);
    const known = this.#entries.get(key);
    const entry = known ?? this.#read(segment, key, borders[number]!, borders[number + 1]!);
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    if (known === undefined) this.#makeRoom(entry);
    return entry;
  }

  #read(segment: Segment, key: string, begin: number, end: number): Entry {
    const block = this.#files.use(segment.path, async (file) => {
      const bytes = Buffer.allocUnsafeSlow(end - begin);
      return new Block(segment, begin, bytes.subarray(0, await file.read(bytes, begin)));
    });
    const entry = { bytes: end - begin, block };
    this.#bytes += entry.bytes;
    // Whoever waits for it hears of the failure; the next one tries again.
    block.catch(() => {
      if (this.#entries.get(key) === entry) this.#forget(key, entry);
    });
    return entry;
  }

  #makeRoom(newest: Entry): void {
    for (const [key, entry] of this.#entries) {
      if (this.#bytes <= this.#bytesMax || entry === newest) return;
      this.#forget(key, entry);
    }
  }

  #forget(key: string, { bytes }: Entry): void {
    this.#entries.delete(key);
    this.#bytes -= bytes;
  }
}

function keyOf({ path }: Segment, number: number): string {
  return `${path} ${number}`;
}
