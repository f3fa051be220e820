import type { Millis } from '../../src/env/clock.ts';
import type { Timeline } from './timeline.ts';

/** One direction of a connection: what is sent arrives later, in its order, or not at all once it is cut. */
export class Wire {
  readonly #timeline: Timeline;
  readonly #delay: () => Millis;
  readonly #cut = new AbortController();
  readonly #underWay: (() => void)[] = [];

  constructor(timeline: Timeline, delay: () => Millis) {
    this.#timeline = timeline;
    this.#delay = delay;
  }

  send(arrive: () => void): void {
    this.#underWay.push(arrive);
    this.#timeline.after(this.#delay(), () => this.#underWay.shift()!(), this.#cut.signal);
  }

  cut(): void {
    this.#cut.abort(null);
  }
}
