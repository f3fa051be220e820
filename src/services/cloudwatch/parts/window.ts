import type { Millis } from '../../../env/clock.ts';
import { fiveMinutesMs, type Metric, minuteMs, type Series } from '../metrics/metric.ts';
import { fivesKeptMs } from '../metrics/metric-store.ts';
import { merged, type Sample, type TimedSample } from '../metrics/sample.ts';
import { units } from './shapes.ts';

/** Which data are asked for: those in `start..end`, by periods that begin at `start`. */
export type Window = {
  readonly start: Millis;
  readonly end: Millis;
  readonly periodMs: Millis;
  readonly now: Millis;
};

/** A metric's data in a window, for each unit that they came in. */
export function samplesByUnit(
  metric: Metric | undefined,
  window: Window,
  unit: string | undefined,
): [unit: string, samples: readonly TimedSample[]][] {
  const asked = unit === undefined ? units : [unit];
  return asked.flatMap((each) => {
    const series = metric?.units.get(each);
    const samples = series === undefined ? [] : samplesIn(series, window);
    return samples.length === 0 ? [] : [[each, samples]];
  });
}

/**
 * What is kept at five minutes is in periods of five minutes and their multiples only, as at AWS with what is
 * older than 15 days. Nothing is kept by seconds, so shorter periods have nothing.
 */
function samplesIn({ minutes, fives }: Series, window: Window): readonly TimedSample[] {
  const { start, end, periodMs, now } = window;
  if (periodMs < minuteMs) return [];
  const periods = new Map<Millis, Sample>();
  const add = ({ time, ...sample }: TimedSample) => {
    const period = start + Math.floor((time - start) / periodMs) * periodMs;
    periods.set(period, merged(periods.get(period), sample));
  };
  if (periodMs % fiveMinutesMs === 0) {
    for (const sample of fives.between(Math.max(start, now - fivesKeptMs), end)) add(sample);
  }
  for (const sample of minutes.between(start, end)) add(sample);
  return Array.from(periods, ([time, sample]) => ({ ...sample, time })).sort((a, b) => a.time - b.time);
}
