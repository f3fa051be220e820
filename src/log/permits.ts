import { Queue } from './queue.ts';

/** So many may do something at once; the others wait in their order. */
export class Permits {
  #free: number;
  readonly #waiting = new Queue<() => void>();

  constructor(count: number) {
    this.#free = count;
  }

  async with<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      // Whoever waits longest has the permit from here on.
      if (this.#waiting.size > 0) this.#waiting.shift()();
      else this.#free += 1;
    }
  }
}
