import type { Clock, Millis } from '../../env/clock.ts';
import type { DiskLock } from '../../env/disk.ts';

/**
 * Whether a directory is still this server's. Its lock ends with the process, but the lock's file can be
 * removed, and then another server can come. Looked at now and then, not for every round.
 */
export class Ownership {
  readonly #lock: DiskLock | undefined;
  readonly #clock: Clock;
  #lookedAt: Millis = Number.NEGATIVE_INFINITY;

  /** Without a lock there is no other server. */
  constructor(lock: DiskLock | undefined, clock: Clock) {
    this.#lock = lock;
    this.#clock = clock;
  }

  /** True when it was so a moment ago. */
  get isCertain(): boolean {
    return this.#lock === undefined || this.#clock.monotonic() - this.#lookedAt < certainMs;
  }

  /** Rejects with the system's error when it cannot be told. */
  async look(): Promise<boolean> {
    const lookedAt = this.#clock.monotonic();
    if (this.#lock !== undefined && !(await this.#lock.isHeld())) return false;
    this.#lookedAt = lookedAt;
    return true;
  }
}

const certainMs: Millis = 1_000;

/**
 * A server that takes a lock whose file was gone waits this long: one that had it before has looked by then.
 */
export const lockGraceMs: Millis = 3 * certainMs;
