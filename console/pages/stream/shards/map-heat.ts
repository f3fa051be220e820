import type { SeenStream } from '../use-stream-sight.ts';
import { type Heat, type HeatBy, heatOfLimit, heatOfShare, timesFair } from './heat.ts';

/** The heat of each shard of a stream, by place; closed ones have none. */
export function heatsOf({ family, shardRates, limits }: SeenStream, by: HeatBy): Heat[] {
  const all = recordsIn({ shardRates });
  return family.shards.map(({ at, isOpen }) => {
    const rates = shardRates[at]!;
    if (!isOpen) return 0;
    return by === 'limit'
      ? heatOfLimit(rates, limits)
      : heatOfShare(timesFair(rates.recordsIn, all, family.open.length));
  });
}

/** Records that all shards get in a second. */
export function recordsIn({ shardRates }: Pick<SeenStream, 'shardRates'>): number {
  return shardRates.reduce((sum, rates) => sum + rates.recordsIn, 0);
}
