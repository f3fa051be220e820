import { bucketSeconds } from '../../../stream/meter/counts.ts';

/**
 * The time in milliseconds within which a share of calls was answered, as far as buckets tell: within a
 * bucket calls count as evenly spread, and those of the last one, which has no end, as at its beginning (as
 * Prometheus' `histogram_quantile` does). 0 without calls.
 */
export function percentileMs(buckets: readonly number[], share: number): number {
  const all = buckets.reduce((sum, count) => sum + count, 0);
  if (all === 0) return 0;
  const wanted = all * share;
  let before = 0;
  for (const [index, end] of bucketSeconds.entries()) {
    const count = buckets[index] ?? 0;
    if (count > 0 && before + count >= wanted) {
      const start = index === 0 ? 0 : bucketSeconds[index - 1]!;
      return 1000 * (start + ((end - start) * Math.max(0, wanted - before)) / count);
    }
    before += count;
  }
  return 1000 * bucketSeconds.at(-1)!;
}
