import { TestRandom } from '../log/world.ts';
import type { ManualClock } from '../services/kinesis/manual-clock.ts';

/**
 * Decides by a seed who goes on next, one step at a time, and when time passes. Actors may be paused: they do
 * not go on, while time does.
 */
export class Stage {
  readonly random: TestRandom;
  readonly #clock: ManualClock;
  readonly #waiting: { readonly actor: number; readonly goOn: () => void }[] = [];
  readonly #paused = new Set<number>();

  constructor(seed: number, clock: ManualClock) {
    this.random = new TestRandom(seed);
    this.#clock = clock;
  }

  /** Resolves when it is the actor's turn. */
  turn(actor: number): Promise<void> {
    return new Promise((goOn) => this.#waiting.push({ actor, goOn }));
  }

  pause(actor: number): void {
    this.#paused.add(actor);
  }

  resume(): void {
    this.#paused.clear();
  }

  /** True once in so many times. */
  isOneIn(times: number): boolean {
    return this.random.below(times) === 0;
  }

  /** Runs everything until `work` has ended; `mischief` is called now and then. */
  async run<Result>(work: Promise<Result>, mischief: () => void = () => {}): Promise<Result> {
    let isOver = false;
    const end = () => {
      isOver = true;
    };
    work.then(end, end);
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (isOver) return await work;
      if (this.isOneIn(8)) mischief();
      const ready = this.#waiting.filter(({ actor }) => !this.#paused.has(actor));
      if (ready.length === 0 || this.isOneIn(12)) await this.#clock.advance(this.random.below(2_500));
      const next = ready[this.random.below(ready.length)];
      if (next === undefined) continue;
      this.#waiting.splice(this.#waiting.indexOf(next), 1);
      next.goOn();
    }
  }
}
