import type { Catalog } from '../catalog/catalog.ts';
import { streamKeyOf } from '../catalog/state.ts';
import type { Clock, Millis } from '../env/clock.ts';
import type { Logger } from '../env/logger.ts';
import { isServing, type Stream, trimHorizon } from '../kinesis/stream.ts';
import { DamagedError, type Log } from '../log/log.ts';
import { forEach, type Tick } from './background.ts';

/**
 * Gives back the space of records that are past their stream's retention, and forgets closed shards once
 * the retention has passed since they closed. Readers never see such records, whether this ran or not.
 */
export function retentionTick(world: World): Tick {
  const damaged = new Set<string>();
  return async () => {
    const streams = [...world.catalog.state.streams.values()];
    const whole = streams.filter((stream) => isServing(stream) && !damaged.has(stream.id));
    await forEach(whole, async (stream) => {
      try {
        await trimStream(world, stream);
      } catch (error) {
        if (!(error instanceof DamagedError)) throw error;
        // Said once: it does not get better by itself, and nothing of it must be thrown away.
        damaged.add(stream.id);
        world.logger.error('a stream is damaged and not served', { stream: stream.name, error });
      }
    });
    return everyMs;
  };
}

type World = {
  readonly catalog: Catalog;
  readonly log: Log;
  readonly clock: Clock;
  readonly logger: Logger;
};

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
