import { TestRandom } from '../log/world.ts';

/** Decides by a seed which of the calls that wait goes on next, one at a time: a run can be repeated. */
export class Scheduler {
  readonly random: TestRandom;
  readonly #waiting: (() => void)[] = [];

  constructor(seed: number) {
    this.random = new TestRandom(seed);
  }

  /** Resolves when it is the caller's turn. */
  turn(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async turns(upTo: number): Promise<void> {
    for (let left = this.random.below(upTo + 1); left > 0; left--) await this.turn();
  }

  /** Runs everything until `work` has ended. */
  async run<Result>(work: Promise<Result>): Promise<Result> {
    let isOver = false;
    const end = () => {
      isOver = true;
    };
    work.then(end, end);
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (isOver) return await work;
      const [next] = this.#waiting.splice(this.random.below(this.#waiting.length), 1);
      next?.();
    }
  }
}
