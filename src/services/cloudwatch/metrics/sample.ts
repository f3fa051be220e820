import { mergedSpread, percentileOf, type Spread, spreadOf } from './spread.ts';

/** What came of a metric at a point in time, or in a span of it. */
export type Sample = {
  readonly count: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
  /**
   * The values one by one, where they are known. Undefined also where they are all the same, which is known
   * without.
   */
  readonly spread?: Spread | undefined;
};

/** A sample and the time at which it begins. */
export type TimedSample = Sample & { readonly time: number };

/** The sample of values that came as often as `counts` say; undefined when none came at all. */
export function sampleOf(values: readonly number[], counts: readonly number[]): Sample | undefined {
  const spread = spreadOf(values, counts);
  if (spread.length === 0) return undefined;
  let [count, sum] = [0, 0];
  for (let at = 0; at < spread.length; at += 2) {
    count += spread[at + 1]!;
    sum += spread[at]! * spread[at + 1]!;
  }
  const [minimum, maximum] = [spread[0]!, spread.at(-2)!];
  return { count, sum, minimum, maximum, spread: spread.length === 2 ? undefined : spread };
}

/** Both together. The values are known one by one only where those of both are. */
export function merged(left: Sample | undefined, right: Sample): Sample {
  if (left === undefined) return right;
  const minimum = Math.min(left.minimum, right.minimum);
  const maximum = Math.max(left.maximum, right.maximum);
  const [a, b] = [knownSpread(left), knownSpread(right)];
  const spread = minimum < maximum && a && b ? mergedSpread(a, b) : undefined;
  return { count: left.count + right.count, sum: left.sum + right.sum, minimum, maximum, spread };
}

/** The value of a percentile; undefined where the values are not known one by one. */
export function percentileIn(sample: Sample, percent: number): number | undefined {
  const spread = knownSpread(sample);
  return spread && percentileOf(spread, percent);
}

/**
 * Of a set of statistics the values are known when all are the same (CloudWatch API reference,
 * GetMetricStatistics, on percentiles).
 */
function knownSpread({ spread, minimum, maximum, count }: Sample): Spread | undefined {
  return spread ?? (minimum === maximum ? Float64Array.of(minimum, count) : undefined);
}
