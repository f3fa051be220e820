import type { Clock, Millis } from '../env/clock.ts';
import { Chain, Deadline, type Deadlines, type Link } from './deadlines.ts';
import { collectYoung, MinorGc } from './minor-gc.ts';

/**
 * What answers that their clients have not taken yet may hold in memory, over all connections and threads.
 * Six of the largest pages fit, and so does what is on its way to clients that take their answers as fast as
 * they can.
 */
export const unsentBytesMax = 64 * 1024 * 1024;

/** A client that takes nothing of its answer for so long has gone, even if its connection has not. */
export const stuckMs: Millis = 60_000;

/** While memory is short, an answer may stand still for no longer than this. */
const stalledMs: Millis = 3_000;

/** How often to look whether memory is short, or an answer stuck. */
const lookMs: Millis = 1_000;

/**
 * The answers of one listener that wait for their clients. An answer that does not move for a minute is
 * ended. When all of them together hold too much, those that have stood still longest are ended: a client
 * that reads moves its answer on.
 */
export class Unsent {
  readonly #free: Int32Array;
  readonly #deadlines: Deadlines;
  readonly #clock: Clock;
  readonly #garbage: MinorGc;
  /** What has moved last comes last. */
  readonly #held = new Chain<Held>();
  /** The memory that answers hold, and how many hold it: a page is often on its way to many readers. */
  readonly #memory = new WeakMap<ArrayBufferLike, number>();

  /** `free` holds the free bytes in its first element. Threads that share this memory share what there is. */
  constructor(free: Int32Array, deadlines: Deadlines, clock: Clock, garbage = new MinorGc(collectYoung)) {
    this.#garbage = garbage;
    this.#free = free;
    this.#deadlines = deadlines;
    this.#clock = clock;
  }

  /**
   * Whether there is room for an answer that was made but not begun; what stands still makes way for it. One
   * for which there is none is garbage from now on.
   */
  hasRoomFor(parts: readonly Uint8Array[]): boolean {
    let bytes = 0;
    for (const { buffer } of parts) if (!this.#memory.has(buffer)) bytes += buffer.byteLength;
    const hasRoom = this.#makeRoom(bytes);
    if (!hasRoom) this.#garbage.add(bytes);
    return hasRoom;
  }

  /** Counts an answer that waits for its client. `end` ends it together with what it is sent on. */
  hold(parts: readonly Uint8Array[], end: () => void): Held {
    if (!this.#look.isLinked) this.#deadlines.add(this.#look, lookMs);
    const held = new Held(parts, end, this.#clock.monotonic());
    for (const { buffer } of parts) this.#take(buffer);
    this.#held.add(held);
    if (Atomics.load(this.#free, 0) < 0) this.#makeRoom(0);
    return held;
  }

  /** Some of the answer has left. */
  moved(held: Held): void {
    if (!this.#held.delete(held)) return;
    held.movedAt = this.#clock.monotonic();
    this.#held.add(held);
  }

  /** All of the answer has left, or its client has gone. Repeating it is harmless. */
  done(held: Held): void {
    if (!this.#held.delete(held)) return;
    for (const { buffer } of held.parts) this.#give(buffer);
  }

  #end(held: Held): void {
    this.done(held);
    held.end();
  }

  #take(memory: ArrayBufferLike): void {
    const holders = this.#memory.get(memory) ?? 0;
    this.#memory.set(memory, holders + 1);
    if (holders === 0) Atomics.sub(this.#free, 0, memory.byteLength);
  }

  #give(memory: ArrayBufferLike): void {
    const holders = this.#memory.get(memory)!;
    if (holders > 1) {
      this.#memory.set(memory, holders - 1);
      return;
    }
    this.#memory.delete(memory);
    Atomics.add(this.#free, 0, memory.byteLength);
    this.#garbage.add(memory.byteLength);
  }

  /**
   * Ends answers that stand still, the longest first, until so many bytes are free; answers whether they are.
   */
  #makeRoom(bytes: number): boolean {
    const now = this.#clock.monotonic();
    for (let held = this.#held.first; held !== undefined; held = this.#held.first) {
      if (Atomics.load(this.#free, 0) >= bytes || now - held.movedAt < stalledMs) break;
      this.#end(held);
    }
    return Atomics.load(this.#free, 0) >= bytes;
  }

  /**
   * Ends answers that are stuck, and keeps some memory free for the answers of other threads, which cannot
   * end those of this one. What an end throws goes to the listener, and the other answers have their turn at
   * the next look.
   */
  readonly #look = new Deadline(() => {
    if (this.#held.first !== undefined) this.#deadlines.add(this.#look, lookMs);
    const stuckSince = this.#clock.monotonic() - stuckMs;
    let held = this.#held.first;
    for (; held !== undefined && held.movedAt <= stuckSince; held = this.#held.first) this.#end(held);
    this.#makeRoom(unsentBytesMax / 4);
  });
}

/** An answer that waits for its client. */
class Held implements Link<Held> {
  readonly parts: readonly Uint8Array[];
  readonly end: () => void;
  movedAt: Millis;
  isLinked = false;
  previous: Held | undefined;
  next: Held | undefined;

  constructor(parts: readonly Uint8Array[], end: () => void, movedAt: Millis) {
    this.parts = parts;
    this.end = end;
    this.movedAt = movedAt;
  }
}
