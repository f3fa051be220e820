import type { Millis } from '../env/clock.ts';

/** The highest value noted within `memory`. Holds each distinct value at most once. */
export class SlidingMax {
  readonly #memory: Millis;
  /** Falling values at rising times: a value is dropped when a higher one comes after it. */
  readonly #peaks: { readonly value: number; readonly at: Millis }[] = [];

  constructor(memory: Millis) {
    this.#memory = memory;
  }

  note(value: number, now: Millis): void {
    while (this.#peaks.length > 0 && this.#peaks.at(-1)!.value <= value) this.#peaks.pop();
    this.#peaks.push({ value, at: now });
  }

  /** 0 when there is none. */
  highest(now: Millis): number {
    while (this.#peaks.length > 0 && now - this.#peaks[0]!.at >= this.#memory) this.#peaks.shift();
    return this.#peaks[0]?.value ?? 0;
  }
}
