/** Milliseconds: since the epoch for a point in time, plain for a duration. */
export type Millis = number;

/** Time as the server sees it. */
export interface Clock {
  /** Wall-clock time since the epoch, in whole milliseconds. It may jump either way. */
  now(): Millis;
  /** Milliseconds, with fractions, since an arbitrary origin. Never goes back. */
  monotonic(): Millis;
  /**
   * Resolves after `delay` by the monotonic clock, or at once when `signal` is aborted. Never rejects. No delay lets
   * everybody else have their turn once.
   */
  sleep(delay: Millis, signal?: AbortSignal): Promise<void>;
}
