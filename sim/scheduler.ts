import type { Millis } from '../src/env/clock.ts';

type Event = { readonly time: Millis; readonly order: number; readonly action: () => void };

/**
 * Time as a queue of events. The clock stands still while an event runs and all promises it settled are
 * followed to their ends; then it leaps to the next event.
 */
export class Scheduler {
  #time: Millis = 0;
  #order = 0;
  /** A binary heap: the earliest event first, and of two at one time the one that was asked for first. */
  readonly #heap: Event[] = [];

  /** Milliseconds since the beginning of the world. */
  get time(): Millis {
    return this.#time;
  }

  /** Runs `action` as an event of its own, `delay` from now. */
  after(delay: Millis, action: () => void): void {
    this.#push({ time: this.#time + Math.max(0, delay), order: this.#order++, action });
  }

  sleep(delay: Millis): Promise<void> {
    return new Promise((resolve) => this.after(delay, resolve));
  }

  /**
   * Lets time pass until `work` settles, and answers as it does. Throws when it cannot settle, or not before
   * `deadline`.
   */
  async run<T>(work: Promise<T>, deadline: Millis = Number.POSITIVE_INFINITY): Promise<T> {
    let finished = false;
    const finish = () => {
      finished = true;
    };
    work.then(finish, finish);
    for (;;) {
      await settled();
      if (finished) return work;
      const event = this.#pop();
      if (event === undefined) throw new Error('The world stands still: nothing is left that could happen.');
      if (event.time > deadline) throw new Error(`The work was not done ${deadline} ms into the simulation.`);
      this.#time = event.time;
      event.action();
    }
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let at = heap.push(event) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (isBefore(heap[parent]!, event)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = event;
  }

  #pop(): Event | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const moved = heap.pop();
    if (first === undefined || moved === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (isBefore(moved, heap[child]!)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = moved;
    return first;
  }
}

function isBefore(one: Event, other: Event): boolean {
  return one.time < other.time || (one.time === other.time && one.order < other.order);
}

/**
 * A turn of the real event loop: every promise that can settle without the world's help has done so after it.
 */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
