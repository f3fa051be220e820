import type { Catalog } from '../../catalog/catalog.ts';
import type { Clock } from '../../env/clock.ts';
import { findShard } from '../../kinesis/stream.ts';
import type { MeterReadings, ShardHeat } from '../../stream/meter/counts.ts';
import type { Meter } from '../../stream/meter/meter.ts';
import { firstPage, type MeterCursor } from '../../stream/meter/meter-page.ts';
import { ReadingSum } from '../../stream/meter/reading-sum.ts';
import { heatFrom } from '../../stream/meter/shard-heat.ts';

/** What this thread's meter has counted. */
export function ownReadings(
  meter: Meter,
  catalog: Pick<Catalog, 'state'>,
  clock: Pick<Clock, 'now' | 'turn'>,
): MeterReadings {
  return {
    async read() {
      const sum = new ReadingSum(clock.now());
      for (let cursor: MeterCursor | undefined = firstPage; cursor !== undefined; ) {
        const page = meter.page(cursor);
        sum.add(page);
        cursor = page.next;
        await clock.turn();
      }
      return sum.reading;
    },
    async heatOf(id) {
      const stream = [...catalog.state.streams.values()].find((each) => each.id === id);
      const heat = new Map<number, ShardHeat>();
      for (const { shard, known } of meter.sketchesOf(id)) {
        const range = stream && findShard(stream, shard)?.range;
        if (range !== undefined) heat.set(shard, heatFrom([known], range));
      }
      return heat;
    },
  };
}
