import type { Millis } from '../../../env/clock.ts';
import {
  bytesOf,
  fiveMinutesMs,
  keyOf,
  type Metric,
  type MetricName,
  minuteMs,
  type Series,
  seriesOf,
} from './metric.ts';
import type { Sample, TimedSample } from './sample.ts';

/** A sample of a metric, on its way in. */
export type Datum = {
  readonly metric: MetricName;
  readonly unit: string;
  readonly time: Millis;
  readonly sample: Sample;
};

/** Samples of one metric in one unit. */
export type SeriesSamples = {
  readonly metric: MetricName;
  readonly unit: string;
  readonly samples: readonly TimedSample[];
};

/** How much is kept at most. */
export type MetricBounds = { readonly metricsMax: number; readonly bytesMax: number };

/**
 * The metrics that are known, all in memory. What takes more than its bounds goes in this order: metrics that
 * had no data for three hours, the longest silent first; then the oldest data at five minutes, of all
 * metrics.
 */
export class Metrics {
  readonly #bounds: MetricBounds;
  /** By their keys, the one that has had no data for longest first. */
  readonly #metrics = new Map<string, Metric>();
  #bytes = 0;

  constructor(bounds: MetricBounds) {
    this.#bounds = bounds;
  }

  get bytes(): number {
    return this.#bytes;
  }

  find(called: MetricName): Metric | undefined {
    return this.#metrics.get(keyOf(called));
  }

  /** All of an account in a region. */
  *of(account: string, region: string): Generator<Metric> {
    for (const metric of this.#metrics.values()) {
      if (metric.called.account === account && metric.called.region === region) yield metric;
    }
  }

  /** Adds data at the resolution of a minute. */
  addData(data: readonly Datum[], now: Millis): void {
    for (const { metric, unit, time, sample } of data) {
      const minute = Math.floor(time / minuteMs) * minuteMs;
      this.#change(metric, unit, now, ({ minutes }) => minutes.add(minute, sample));
    }
  }

  /** Adds samples that have been moved to the resolution of five minutes. */
  addFives({ metric, unit, samples }: SeriesSamples): void {
    this.#change(metric, unit, samples.at(-1)!.time, ({ fives }) => {
      for (const sample of samples) fives.add(fiveMinutesOf(sample.time), sample);
    });
  }

  /** Adds samples at the resolution of a minute, as a snapshot has them. */
  addMinutes({ metric, unit, samples }: SeriesSamples): void {
    this.#change(metric, unit, samples.at(-1)!.time, ({ minutes }) => {
      for (const sample of samples) minutes.add(sample.time, sample);
    });
  }

  /** What is there at the resolution of a minute, of times in `from..end`. */
  *minutesBetween(from: Millis, end: Millis): Generator<SeriesSamples> {
    for (const { called: metric, units } of this.#metrics.values()) {
      for (const [unit, { minutes }] of units) {
        const samples = [...minutes.between(from, end)];
        if (samples.length > 0) yield { metric, unit, samples };
      }
    }
  }

  /** Moves what a series has before a time from the minutes to the five minutes. */
  moveToFives({ metric, unit }: SeriesSamples, before: Millis): void {
    this.#change(metric, unit, Number.NEGATIVE_INFINITY, ({ minutes, fives }) => {
      for (const sample of minutes.takeBefore(before)) fives.add(fiveMinutesOf(sample.time), sample);
    });
  }

  /** Forgets all that is at the resolution of a minute. */
  dropMinutes(): void {
    this.#takeBefore(Number.POSITIVE_INFINITY, 'minutes');
  }

  /** Forgets what began before a time, and metrics that have nothing more. */
  dropBefore(time: Millis): void {
    this.#takeBefore(time, 'fives');
    for (const [key, metric] of this.#metrics) if (isEmpty(metric)) this.#drop(key, metric);
  }

  /**
   * Why there is no room for data, even once what may go has gone; undefined when there is. `added` has the
   * keys of metrics that are on their way in already, and gets those of these.
   */
  refusalOf(data: readonly Datum[], added: Set<string>, now: Millis): string | undefined {
    const { metricsMax, bytesMax } = this.#bounds;
    if (this.#bytes > bytesMax) return `No more than ${bytesMax} bytes of metrics are kept.`;
    const keys = new Set(data.map(({ metric }) => keyOf(metric)));
    const unknown = [...keys].filter((key) => !this.#metrics.has(key) && !added.has(key));
    const over = this.#metrics.size + added.size + unknown.length - metricsMax;
    if (unknown.length > 0 && over > this.#silentSince(now - silentMs)) {
      return `No more than ${metricsMax} metrics are kept that had data in the last three hours.`;
    }
    for (const key of unknown) added.add(key);
    return undefined;
  }

  /** Lets go of what is over the bounds. */
  shrink(now: Millis): void {
    for (const [key, metric] of this.#metrics) {
      if (!this.#isOver() || metric.dataAt > now - silentMs) break;
      this.#drop(key, metric);
    }
    const oldest = () => this.#oldestFives();
    for (let from = oldest(); this.#bytes > this.#bounds.bytesMax && from < now; from = oldest()) {
      this.dropBefore(from + shrinkStepMs);
    }
  }

  #isOver(): boolean {
    return this.#metrics.size > this.#bounds.metricsMax || this.#bytes > this.#bounds.bytesMax;
  }

  #silentSince(time: Millis): number {
    let count = 0;
    for (const { dataAt } of this.#metrics.values()) {
      if (dataAt > time) break;
      count++;
    }
    return count;
  }

  #oldestFives(): Millis {
    let oldest = Number.POSITIVE_INFINITY;
    for (const { units } of this.#metrics.values()) {
      for (const { fives } of units.values()) {
        for (const { time } of fives.between(Number.NEGATIVE_INFINITY, oldest)) {
          oldest = time;
          break;
        }
      }
    }
    return oldest;
  }

  #change(called: MetricName, unit: string, now: Millis, change: (series: Series) => void): void {
    const key = keyOf(called);
    const found = this.#metrics.get(key);
    const metric = found ?? { called, dataAt: now, units: new Map<string, Series>() };
    const before = found === undefined ? 0 : bytesOf(found);
    if (found === undefined) this.#metrics.set(key, metric);
    change(seriesOf(metric, unit));
    this.#bytes += bytesOf(metric) - before;
    if (now < metric.dataAt) return;
    metric.dataAt = now;
    // Last in the order.
    this.#metrics.delete(key);
    this.#metrics.set(key, metric);
  }

  #takeBefore(time: Millis, from: keyof Series): void {
    for (const metric of this.#metrics.values()) {
      for (const { [from]: points } of metric.units.values()) {
        if (!points.beginBefore(time)) continue;
        const before = points.bytes;
        points.takeBefore(time);
        this.#bytes += points.bytes - before;
      }
    }
  }

  #drop(key: string, metric: Metric): void {
    this.#metrics.delete(key);
    this.#bytes -= bytesOf(metric);
  }
}

/** A metric without data for this long may go. */
export const silentMs: Millis = 3 * 3_600_000;
const shrinkStepMs: Millis = 3_600_000;

export function fiveMinutesOf(time: Millis): Millis {
  return Math.floor(time / fiveMinutesMs) * fiveMinutesMs;
}

function isEmpty({ units }: Metric): boolean {
  return [...units.values()].every(({ minutes, fives }) => minutes.length === 0 && fives.length === 0);
}
