import type { SeededRandom } from '../harness/random.ts';

/** What a block device was told, in order. */
export type BlockEvent =
  | { readonly kind: 'write'; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly kind: 'flush' };

/** The smallest piece that a disk writes whole. */
const sectorBytes = 512;

/**
 * What a device may hold after a power cut: all that was written before the last flush, and of what was
 * written since then any part, sector by sector. Positions are counted in events and only go up.
 */
export class CrashImages {
  readonly #events: readonly BlockEvent[];
  readonly #durable: Buffer;
  readonly #image: Buffer;
  /** All events before it are in `#durable`, and it is where a flush ended. */
  #flushed = 0;

  constructor(initial: Uint8Array, events: readonly BlockEvent[]) {
    this.#durable = Buffer.from(initial);
    this.#image = Buffer.alloc(initial.length);
    this.#events = events;
  }

  /**
   * One of the images that a cut right after the first `position` events may leave. Good until the next is
   * asked for.
   */
  at(position: number, random: SeededRandom): Buffer {
    const flush = this.#events.slice(this.#flushed, position).findLastIndex(({ kind }) => kind === 'flush');
    for (const event of this.#events.slice(this.#flushed, this.#flushed + flush + 1))
      write(this.#durable, event);
    this.#flushed += flush + 1;
    this.#image.set(this.#durable);
    for (const event of this.#events.slice(this.#flushed, position)) tear(this.#image, event, random);
    return this.#image;
  }
}

function write(image: Buffer, event: BlockEvent): void {
  if (event.kind === 'write') image.set(event.bytes, event.offset);
}

/** ext4 writes its superblock of two sectors past the journal, and relies on the disk not to tear it. */
const superblock = 1024;

/** Writes all of it, nothing, or some of its sectors. */
function tear(image: Buffer, event: BlockEvent, random: SeededRandom): void {
  const drawn = random.pick(['whole', 'whole', 'lost', 'torn'] as const);
  const fate = drawn === 'torn' && event.kind === 'write' && event.offset === superblock ? 'lost' : drawn;
  if (event.kind === 'flush' || fate === 'lost') return;
  for (let at = 0; at < event.bytes.length; at += sectorBytes) {
    if (fate === 'whole' || random.chance(0.5))
      image.set(event.bytes.subarray(at, at + sectorBytes), event.offset + at);
  }
}
