import type { Clock } from '../../src/env/clock.ts';
import { type Logger, silentLogger } from '../../src/env/logger.ts';
import type { Random } from '../../src/env/random.ts';

/** A clock that stands still until it is set. */
export class TestClock implements Clock {
  time = 1_700_000_000_000;

  now(): number {
    return this.time;
  }

  monotonic(): number {
    return this.time;
  }

  turn(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }

  async sleep(): Promise<void> {}
}

/** The same bytes for the same seed: Mulberry32 (Tommy Ettinger, public domain). */
export class TestRandom implements Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }

  /** A whole number from 0 to `limit` − 1. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }
}

/** Keeps what was reported. */
export class TestLogger implements Logger {
  readonly warnings: string[] = [];
  readonly debug = silentLogger.debug;
  readonly info = silentLogger.info;
  readonly error = silentLogger.error;

  warn(message: string): void {
    this.warnings.push(message);
  }
}

/** Lets everything happen that waits for nothing but its turn. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
}
