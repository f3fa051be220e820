import { format } from '../../../text/format.ts';
import type { SeenStream } from '../use-stream-sight.ts';
import { limitUse } from './heat.ts';
import { type MapCell, rangeOf } from './map-cells.ts';
import { recordsIn } from './map-heat.ts';
import { keysText, shareText, shortId, t } from './shard-text.ts';

/** What a cell of the map is, in words. */
export function cellText(seen: SeenStream, cell: MapCell): string {
  const { family, shardRates, limits } = seen;
  const [first] = cell.shards as readonly [number];
  const records = cell.shards.reduce((sum, at) => sum + shardRates[at]!.recordsIn, 0);
  const all = recordsIn(seen);
  const parts = [
    t.ofKeys(keysText(rangeOf(family, cell))),
    t.perSecond(format.short(records)),
    ...(all > 0 ? [t.ofRecords(shareText(records / all))] : []),
  ];
  if (cell.shards.length > 1) return [t.several(cell.shards.length), ...parts, t.zoomHint].join(' · ');
  const shard = family.shards[first]!;
  const use = shard.isOpen ? [t.ofLimit(shareText(limitUse(shardRates[first]!, limits)))] : [];
  return [`${t.shard} ${shortId(shard.id)}`, shard.isOpen ? t.open : t.closed, ...parts, ...use].join(' · ');
}
