import type { CountsSight } from '../../../src/services/millrace/sights.ts';
import { isSame } from '../../parts/same.ts';

/** What happens in a second. What is read is that of polling readers and of subscriptions together. */
export type Rates = {
  readonly recordsIn: number;
  readonly bytesIn: number;
  readonly recordsOut: number;
  readonly bytesOut: number;
  readonly recordsThrottled: number;
  readonly readsThrottled: number;
};

export const noRates: Rates = {
  ...{ recordsIn: 0, bytesIn: 0, recordsOut: 0, bytesOut: 0, recordsThrottled: 0, readsThrottled: 0 },
};

/**
 * Rates between two readings of counters, `seconds` apart. Undefined when they do not follow one another: a
 * server that started again counts from nothing.
 */
export function ratesBetween(before: CountsSight, after: CountsSight, seconds: number): Rates | undefined {
  const names = Object.keys(before) as (keyof CountsSight)[];
  if (!(seconds > 0) || names.some((name) => after[name] < before[name])) return undefined;
  const perSecond = (...members: (keyof CountsSight)[]) =>
    members.reduce((sum, name) => sum + after[name] - before[name], 0) / seconds;
  return {
    recordsIn: perSecond('RecordsIn'),
    bytesIn: perSecond('BytesIn'),
    recordsOut: perSecond('RecordsOut', 'FanOutRecords'),
    bytesOut: perSecond('BytesOut', 'FanOutBytes'),
    recordsThrottled: perSecond('RecordsThrottled'),
    readsThrottled: perSecond('ReadsThrottled'),
  };
}

/** The counters of one thing as they were read lately, with when that was in seconds. */
export class CountsHistory {
  readonly #readings: { at: number; counts: CountsSight; rates: Rates | undefined }[] = [];
  readonly #readingsMax: number;

  /** Two minutes, read every two seconds. */
  constructor(readingsMax = 61) {
    this.#readingsMax = readingsMax;
  }

  /** A reading that is not after the last one is left out. */
  add(at: number, counts: CountsSight): void {
    const last = this.#readings.at(-1);
    if (last !== undefined && at <= last.at) return;
    const rates = last && ratesBetween(last.counts, counts, at - last.at);
    this.#readings.push({ at, counts, rates });
    if (this.#readings.length > this.#readingsMax) this.#readings.shift();
  }

  /**
   * Over the last ten seconds or so, so that numbers do not flicker; undefined before there are two readings.
   */
  get rates(): Rates | undefined {
    const last = this.#readings.at(-1);
    if (last?.rates === undefined) return undefined;
    const first = this.#readings.find(({ at }) => at >= last.at - windowSeconds)!;
    return first === last
      ? last.rates
      : (ratesBetween(first.counts, last.counts, last.at - first.at) ?? last.rates);
  }

  /** Whether nothing happened in all the time that is kept. */
  get isQuiet(): boolean {
    const [first] = this.#readings;
    return first === undefined || isSame(first.counts, this.#readings.at(-1)!.counts);
  }

  /** One of the rates from reading to reading, oldest first; 0 where counting began anew. */
  series(name: keyof Rates): number[] {
    return this.#readings.slice(1).map(({ rates }) => rates?.[name] ?? 0);
  }

  /** When each of `series` was read, in seconds. */
  get times(): number[] {
    return this.#readings.slice(1).map(({ at }) => at);
  }
}

const windowSeconds = 10;
