import type { SeededRandom } from '../harness/random.ts';
import type { Pressure } from '../src/env/pressure.ts';

/** Threads that are busy for a while and then are not, whatever they do: workers come and go by it. */
export class SimulatedPressure implements Pressure {
  readonly #random: SeededRandom;
  #isBusy = false;
  /** How often it is asked until that changes. */
  #left = 0;

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  busy(): number {
    if (this.#left === 0) {
      this.#isBusy = !this.#isBusy;
      this.#left = this.#isBusy ? this.#random.pick([2, 3, 8]) : this.#random.pick([1, 5, 70]);
    }
    this.#left -= 1;
    return this.#isBusy ? 0.95 : 0.05;
  }

  idleCores(): number {
    return 2;
  }

  heapBytesMax(): number {
    return 4 * 1024 ** 3;
  }
}
