import type { SeenStream } from '../use-stream-sight.ts';
import { type Heat, type HeatBy, heatOfLimit, heatOfShare, timesFair } from './heat.ts';
import type { MapCell } from './map-cells.ts';

/**
 * The heats of cells of the map. Of several shards in one it is by what they get together, beside what is
 * fair for so many; by the limit it is that of the hottest. Closed shards have none.
 */
export function cellHeats(seen: SeenStream, cells: readonly MapCell[], by: HeatBy): Heat[] {
  const { family, shardRates, limits } = seen;
  const all = recordsIn(seen);
  return cells.map(({ shards }) => {
    const open = shards.filter((at) => family.shards[at]!.isOpen);
    if (open.length === 0) return 0;
    if (by === 'limit') {
      return open.reduce<Heat>((most, at) => hotter(most, heatOfLimit(shardRates[at]!, limits)), 0);
    }
    const records = open.reduce((sum, at) => sum + shardRates[at]!.recordsIn, 0);
    return heatOfShare(timesFair(records, all, family.open.length / open.length));
  });
}

function hotter(a: Heat, b: Heat): Heat {
  return a > b ? a : b;
}

/** Records that all shards get in a second. */
export function recordsIn({ shardRates }: Pick<SeenStream, 'shardRates'>): number {
  return shardRates.reduce((sum, rates) => sum + rates.recordsIn, 0);
}
