import type { SeededRandom } from '../harness/random.ts';
import { Image } from './image.ts';

/** A change of a file: bytes at a position, or a new size. */
type Change = { readonly position: number; readonly bytes: Buffer } | { readonly size: number };

/** How far the changes came, as `mark` answered it. */
export type Mark = number;

/** The unit that a disk writes whole: a power cut leaves the old sector or the new one. */
export const sectorBytes = 512;
const leftoverMax = 16 * 1024;

/**
 * A file on the simulated disk, twice: as the page cache shows it while the machine runs, and as the platter
 * has it. Between the two stand the changes that no sync has carried over yet.
 */
export class StoredFile {
  readonly kind = 'file';
  #cached = new Image();
  #durable = new Image();
  #pending: Change[] = [];
  #carried: Mark = 0;

  get size(): number {
    return this.#cached.size;
  }

  /** Its bytes as the page cache shows them, each as one character. */
  text(): string {
    return this.#cached.bytes.toString('latin1');
  }

  read(into: Uint8Array, position: number): number {
    const found = this.#cached.bytes.subarray(position, position + into.length);
    into.set(found);
    return found.length;
  }

  write(bytes: Buffer, position: number): void {
    this.#change({ position, bytes: Buffer.from(bytes) });
  }

  truncate(size: number): void {
    this.#change({ size });
  }

  /** Every change up to now. */
  mark(): Mark {
    return this.#carried + this.#pending.length;
  }

  /** Carries the changes up to a mark to the platter. */
  persist(mark: Mark): void {
    for (const change of this.#takePending(mark)) applyChange(this.#durable, change);
  }

  /**
   * What a failed fsync leaves, as file systems differ in it (Rebello et al., "Can Applications Recover from
   * fsync Failures?", USENIX ATC 2020): the changes stay dirty; or they are marked clean, visible in the
   * cache and on the platter in part; or the cache shows the platter's bytes again.
   */
  failToPersist(mark: Mark, random: SeededRandom): void {
    const outcome = random.pick(['dirty', 'clean', 'reverted']);
    if (outcome === 'dirty') return;
    this.#durable = survivors(this.#durable, this.#takePending(mark), random);
    if (outcome === 'reverted') this.#evict();
  }

  /**
   * The page cache is gone; of what was not synced, some is on the platter. `stale` is what the disk held
   * before in the blocks that the file grew by.
   */
  cutPower(random: SeededRandom, stale?: Uint8Array): void {
    this.#durable = survivors(this.#durable, this.#takePending(this.mark()), random, stale);
    this.#evict();
  }

  /** Another file with the same in it, all of it durable. */
  copy(): StoredFile {
    const copy = new StoredFile();
    copy.#cached = new Image(this.#cached.bytes);
    copy.#durable = new Image(this.#cached.bytes);
    return copy;
  }

  /** A copy of some of its bytes. */
  leftover(random: SeededRandom): Buffer {
    const from = random.below(this.size + 1);
    return Buffer.from(this.#cached.bytes.subarray(from, from + leftoverMax));
  }

  /** Changes what lies on the platter without the knowledge of any process. */
  rot(change: (bytes: Buffer) => void): void {
    change(this.#cached.bytes);
    change(this.#durable.bytes);
  }

  #change(change: Change): void {
    applyChange(this.#cached, change);
    this.#pending.push(change);
  }

  #takePending(mark: Mark): Change[] {
    const taken = this.#pending.splice(0, Math.max(0, mark - this.#carried));
    this.#carried += taken.length;
    return taken;
  }

  #evict(): void {
    this.#cached = new Image(this.#durable.bytes);
    for (const change of this.#pending) applyChange(this.#cached, change);
  }
}

function applyChange(image: Image, change: Change): void {
  if ('size' in change) image.size = change.size;
  else image.write(change.bytes, change.position);
}

/**
 * The file after a power cut. Each sector, and the file's size apart from them, shows some moment between the
 * last sync and the cut: sectors later in the file may be newer, and a grown file may hold zeros, or what its
 * blocks held before.
 */
function survivors(
  durable: Image,
  changes: readonly Change[],
  random: SeededRandom,
  stale: Uint8Array = Buffer.alloc(0),
): Image {
  const moment = moments(changes.length, random);
  const sizeMoment = moment(-1);
  const image = new Image(durable.bytes);
  let size = durable.size;
  image.write(stale, size);
  changes.forEach((change, index) => {
    if (index < sizeMoment) size = 'size' in change ? change.size : Math.max(size, end(change));
    if ('size' in change) {
      if (index < sizeMoment) image.size = Math.min(image.size, change.size);
      return;
    }
    for (const piece of sectorsOf(change))
      if (index < moment(piece.sector)) image.write(piece.bytes, piece.position);
  });
  image.size = size;
  return image;
}

/**
 * Draws how many of the changes each sector has seen: for the whole file alike, or for each sector on its
 * own.
 */
function moments(count: number, random: SeededRandom): (sector: number) => number {
  if (random.chance(0.5)) {
    const common = random.pick([0, count, random.between(0, count)]);
    return () => common;
  }
  const drawn = new Map<number, number>();
  return (sector) => {
    const known = drawn.get(sector) ?? random.between(0, count);
    drawn.set(sector, known);
    return known;
  };
}

type Piece = { readonly sector: number; readonly position: number; readonly bytes: Buffer };

function* sectorsOf({ position, bytes }: { position: number; bytes: Buffer }): Generator<Piece> {
  const last = position + bytes.length;
  for (let at = position; at < last; ) {
    const sector = Math.floor(at / sectorBytes);
    const next = Math.min(last, (sector + 1) * sectorBytes);
    yield { sector, position: at, bytes: bytes.subarray(at - position, next - position) };
    at = next;
  }
}

function end({ position, bytes }: { position: number; bytes: Buffer }): number {
  return position + bytes.length;
}
