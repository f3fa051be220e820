import type { Millis } from '../../env/clock.ts';
import type { SlowCall } from './counts.ts';

/** The slowest calls of the last quarter of an hour. */
export class SlowCalls {
  /** In no order: while a server is slow, all calls come here. */
  readonly #calls: SlowCall[] = [];
  /** Which of them is the next to go: the fastest one, or one that is old. */
  #next = 0;

  /** Whether a call that took so long may be told of: asked before it is described. */
  mayTake(millis: Millis): boolean {
    return millis >= slowMs;
  }

  add(call: SlowCall): void {
    if (this.#calls.length < slowCallsMax) {
      this.#calls.push(call);
    } else {
      const next = this.#calls[this.#next]!;
      if (call.millis <= next.millis && call.at - next.at <= memoryMs) return;
      this.#calls[this.#next] = call;
    }
    this.#next = leastOf(this.#calls, call.at);
  }

  /** The newest first. */
  read(now: Millis): SlowCall[] {
    return slowest(this.#calls, now);
  }
}

function leastOf(calls: readonly SlowCall[], now: Millis): number {
  let least = 0;
  for (let nth = 0; nth < calls.length; nth++) {
    const { at, millis } = calls[nth]!;
    if (now - at > memoryMs) return nth;
    if (millis < calls[least]!.millis) least = nth;
  }
  return least;
}

/** Of calls those that are to be told of by a time, the newest first. */
export function slowest(calls: readonly SlowCall[], now: Millis): SlowCall[] {
  return calls
    .filter(({ at }) => now - at <= memoryMs)
    .sort((one, other) => other.millis - one.millis)
    .slice(0, slowCallsMax)
    .sort((one, other) => other.at - one.at);
}

/** A list that somebody reads through. */
const slowCallsMax = 100;

/** What takes less than a hundredth of a second need not be looked into. */
const slowMs: Millis = 10;

const memoryMs: Millis = 900_000;
