import type { Clock, Millis } from '../../env/clock.ts';
import { detached, unthinkable } from '../../env/detached.ts';

/**
 * Lets a few of each kind through in a second, and counts the others: what anyone can cause must not fill a
 * log.
 */
export class RefusalLimit {
  readonly #clock: Clock;
  readonly #seconds = new Map<string, Second>();
  readonly #closed = new AbortController();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Whether one of this kind has its own record. When not, `sayLeftOut` is called at the end of the second,
   * with how many had none, if it is the first of them. Kinds are few: names of errors.
   */
  admits(kind: string, sayLeftOut: (count: number) => void): boolean {
    const now = this.#clock.monotonic();
    let second = this.#seconds.get(kind);
    if (second === undefined || now - second.since >= secondMs) {
      second?.end();
      second = { since: now, admitted: 0, leftOut: 0, end: () => {} };
      this.#seconds.set(kind, second);
    }
    if (second.admitted < perSecond) {
      second.admitted += 1;
      return true;
    }
    second.leftOut += 1;
    if (second.leftOut === 1) this.#endLater(second, sayLeftOut);
    return false;
  }

  /** Says at once what was left out so far. */
  close(): void {
    this.#closed.abort();
    for (const second of this.#seconds.values()) second.end();
    this.#seconds.clear();
  }

  #endLater(second: Second, sayLeftOut: (count: number) => void): void {
    second.end = () => {
      if (second.leftOut > 0) sayLeftOut(second.leftOut);
      second.leftOut = 0;
      second.end = () => {};
    };
    detached(
      this.#clock.sleep(secondMs, this.#closed.signal).then(() => second.end()),
      unthinkable,
    );
  }
}

/** What was admitted and left out within a second, and what says so at its end. */
type Second = { readonly since: Millis; admitted: number; leftOut: number; end: () => void };

const secondMs: Millis = 1_000;

/** Of each kind, in each thread. */
const perSecond = 5;
