import { detached, unthinkable } from '../../../src/env/detached.ts';
import { ManualClock } from '../../services/kinesis/manual-clock.ts';

/** A clock by which a millisecond passes whenever nothing else is to be done, until it is stopped. */
export class PassingTime implements Disposable {
  readonly clock = new ManualClock();
  #isOver = false;

  constructor() {
    detached(this.#pass(), unthinkable);
  }

  async #pass(): Promise<void> {
    while (!this.#isOver) await this.clock.advance(1);
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
  }
}
