import type { Catalog } from '../catalog/catalog.ts';
import { streamKeyOf } from '../catalog/state.ts';
import type { Clock, Millis } from '../env/clock.ts';
import { isServing, type Stream, trimHorizon } from '../kinesis/stream.ts';
import type { Log } from '../log/log.ts';
import { forEach, type Tick } from './background.ts';

/**
 * Gives back the space of records that are past their stream's retention, and forgets closed shards once
 * the retention has passed since they closed. Readers never see such records, whether this ran or not.
 */
export function retentionTick(world: World): Tick {
  return async () => {
    const streams = [...world.catalog.state.streams.values()];
    await forEach(streams.filter(isServing), (stream) => trimStream(world, stream));
    return everyMs;
  };
}

type World = { readonly catalog: Catalog; readonly log: Log; readonly clock: Clock };

/** Hours of retention need no finer grain. */
const everyMs: Millis = 60_000;

async function trimStream({ catalog, log, clock }: World, stream: Stream): Promise<void> {
  const horizon = trimHorizon(stream, clock.now());
  for (const { index } of stream.shards) {
    const shardLog = await log.open({ stream: stream.id, shard: index });
    await shardLog.trim(await shardLog.seek(horizon));
  }
  const expired = stream.shards
    // Its last record may have arrived in any millisecond of the second in which it closed.
    .filter(({ closed }) => closed !== undefined && closed.childrenAt <= horizon)
    .map((shard) => shard.index);
  if (expired.length === 0) return;
  const key = streamKeyOf(stream);
  await catalog.commit((state) =>
    state.streams.get(key)?.id === stream.id ? [{ kind: 'shards-expired', key, shards: expired }] : [],
  );
}
