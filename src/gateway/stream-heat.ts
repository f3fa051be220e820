import type { Catalog } from '../catalog/catalog.ts';
import { openShards, type Shard } from '../kinesis/stream.ts';
import type { ShardHeat } from '../stream/meter/counts.ts';
import type { Sketched } from '../stream/meter/meter.ts';
import { heatFrom } from '../stream/meter/shard-heat.ts';

/** The open shards of a stream by its id, some at a time; none of one that is not there. */
export function shardsInSteps({ state }: Pick<Catalog, 'state'>, id: string): readonly (readonly Shard[])[] {
  const stream = [...state.streams.values()].find((each) => each.id === id);
  const shards = stream === undefined ? [] : openShards(stream);
  const steps = Math.ceil(shards.length / shardsOfStep);
  return Array.from({ length: steps }, (_, step) =>
    shards.slice(step * shardsOfStep, (step + 1) * shardsOfStep),
  );
}

/** What sketches come to together; `turn` is waited for between steps. */
export async function streamHeat(
  steps: readonly (readonly Shard[])[],
  sketches: readonly Sketched[],
  turn: () => Promise<void>,
): Promise<ReadonlyMap<number, ShardHeat>> {
  const byShard = Map.groupBy(sketches, ({ shard }) => shard);
  const heat = new Map<number, ShardHeat>();
  for (const shards of steps) {
    for (const { index, range } of shards) {
      const told = byShard.get(index);
      if (told === undefined) continue;
      const known = told.map((each) => each.known);
      heat.set(index, heatFrom(known, range));
    }
    await turn();
  }
  return heat;
}

/** Reading a sketch, or adding some up, takes microseconds. */
const shardsOfStep = 200;
