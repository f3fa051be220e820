import type { SeededRandom } from '../harness/random.ts';
import type { Millis } from '../src/env/clock.ts';
import type { Scheduler } from './scheduler.ts';

const minute: Millis = 60_000;
const hour: Millis = 60 * minute;

/** A time in which clients are at work. */
type Burst = { readonly from: Millis; readonly end: Millis };

/** When clients are at work and when all is quiet. */
export class Calendar {
  readonly #scheduler: Scheduler;
  /** At least one, in order. */
  readonly #bursts: readonly Burst[];

  constructor(scheduler: Scheduler, bursts: readonly Burst[]) {
    this.#scheduler = scheduler;
    this.#bursts = bursts;
  }

  /** When the last burst ends. */
  get end(): Millis {
    return this.#bursts.at(-1)!.end;
  }

  /** How long it takes until then. */
  get left(): Millis {
    return Math.max(0, this.end - this.#scheduler.time);
  }

  get isOver(): boolean {
    return this.left === 0;
  }

  /** How long it stays quiet from now on: 0 while clients are at work, and when there is no more work. */
  get quiet(): Millis {
    const { time } = this.#scheduler;
    const next = this.#bursts.find(({ end }) => time < end);
    return next === undefined ? 0 : Math.max(0, next.from - time);
  }

  /** Sleeps, and sleeps on while it is quiet. */
  async sleep(delay: Millis): Promise<void> {
    await this.#scheduler.sleep(delay);
    if (this.quiet > 0) await this.#scheduler.sleep(this.quiet);
  }
}

/** Seconds of work without a break. */
export function busy(scheduler: Scheduler): Calendar {
  return new Calendar(scheduler, [{ from: 0, end: 4_000 }]);
}

/** A second of it. */
export function brief(scheduler: Scheduler): Calendar {
  return new Calendar(scheduler, [{ from: 0, end: 1_000 }]);
}

/**
 * As much work, spread over days: iterators expire, records outlive their retention, consumers come back
 * after hours.
 */
export function sparse(scheduler: Scheduler, random: SeededRandom): Calendar {
  const bursts: Burst[] = [];
  let from = 0;
  for (let left = 4_000; left > 0; ) {
    const length = random.real(300, 1_200);
    bursts.push({ from, end: from + length });
    from += length + random.pick(gaps) * random.real(0.5, 1.5);
    left -= length;
  }
  return new Calendar(scheduler, bursts);
}

/** Beyond the life of an iterator, and beyond every retention that clients set. */
const gaps: readonly Millis[] = [
  10 * minute,
  2 * hour,
  12 * hour,
  24 * hour,
  24 * hour,
  72 * hour,
  120 * hour,
];

/** So much work, with some seconds between its bursts, in which leases run out and leaders are elected. */
export function spread(scheduler: Scheduler, random: SeededRandom, workMs: Millis = 4_000): Calendar {
  const bursts: Burst[] = [];
  let from = 0;
  for (let left = workMs; left > 0; ) {
    const length = random.real(300, 1_200);
    bursts.push({ from, end: from + length });
    from += length + random.pick(shortGaps);
    left -= length;
  }
  return new Calendar(scheduler, bursts);
}

const shortGaps: readonly Millis[] = [0, 0, 500, 2_000, 6_000, 12_000];
