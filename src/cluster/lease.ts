import type { Clock, Millis } from '../env/clock.ts';

/** How long a heartbeat counts, from when it was sent, by the clock of who sent it. */
export const leaseMs: Millis = 10_000;

/**
 * How long others wait from when they have heard of a heartbeat, or of what closes: by then the lease is over
 * by its own clock, even if that runs slower than theirs by 1 %.
 */
export const patienceMs: Millis = leaseMs * 1.01;

/** A moment by both clocks of a process. */
export type Moment = { readonly monotonic: Millis; readonly wall: Millis };

export function momentOf(clock: Clock): Moment {
  return { monotonic: clock.monotonic(), wall: clock.now() };
}

/**
 * For how long a gateway may acknowledge: from when it has sent a heartbeat that it has read back from the
 * journal, and with it everything that was committed before. It counts by the monotonic clock, and by the
 * wall clock too: the monotonic one of a machine that was suspended has stood still meanwhile, and the other
 * one was mostly put right. A wall clock that jumps forward ends a lease early, until the next heartbeat.
 */
export class Lease {
  readonly #clock: Clock;
  readonly #renewed: () => void;
  /** Whether somebody was told that it is over, and may wait for it. */
  #isAwaited = false;
  /** Heartbeats that still count, the latest last, and how much had closed before each. */
  #granted: readonly (Moment & { readonly closings: number })[] = [];

  /** `renewed` is called when it begins again after somebody was told that it is over. */
  constructor(clock: Clock, renewed: () => void) {
    this.#clock = clock;
    this.#renewed = renewed;
  }

  /** A heartbeat was sent then, and has been applied; `closings` had begun to close before it. */
  grant(sent: Moment, closings: number): void {
    const now = momentOf(this.#clock);
    const others = this.#granted.filter((each) => each.closings < closings && counts(each, now));
    this.#granted = [...others, { ...sent, closings }];
    if (!this.#isAwaited) return;
    this.#isAwaited = false;
    this.#renewed();
  }

  /** Nothing may be acknowledged by what was granted before. */
  end(): void {
    this.#granted = [];
  }

  get isValid(): boolean {
    return this.#counts(this.#granted.at(-1));
  }

  /**
   * Whether a heartbeat still counts that was committed before something began to close. Who closes it waits
   * only for that: a later one says nothing about what is closing.
   */
  isValidFor(closing: number): boolean {
    return this.#counts(this.#granted.findLast(({ closings }) => closings < closing));
  }

  #counts(sent: Moment | undefined): boolean {
    if (sent !== undefined && counts(sent, momentOf(this.#clock))) return true;
    this.#isAwaited = true;
    return false;
  }
}

function counts(sent: Moment, now: Moment): boolean {
  return now.monotonic - sent.monotonic < leaseMs && now.wall - sent.wall < leaseMs;
}
