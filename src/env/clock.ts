/** Milliseconds: since the epoch for a point in time; how many for a duration. */
export type Millis = number;

/** Time as the server sees it. */
export interface Clock {
  /** Wall-clock time since the epoch, in whole milliseconds. It may jump either way. */
  now(): Millis;
  /**
   * Milliseconds, with fractions, since an arbitrary origin that all threads of a process share. Never goes
   * back, not even from one thread to another.
   */
  monotonic(): Millis;
  /**
   * Resolves when everything that has arrived by now was seen: at the end of this turn of the event loop, or
   * later. Never rejects.
   */
  turn(): Promise<void>;
  /**
   * Resolves after `delay` by the monotonic clock, or at once when `signal` is aborted. A delay below zero is
   * none. Never rejects.
   */
  sleep(delay: Millis, signal?: AbortSignal): Promise<void>;
}
