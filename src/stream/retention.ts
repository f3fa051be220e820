import type { Catalog } from '../catalog/catalog.ts';
import { streamKeyOf } from '../catalog/state.ts';
import type { Clock, Millis } from '../env/clock.ts';
import type { Logger } from '../env/logger.ts';
import { isExpired, isServing, type Shard, type Stream, trimHorizon } from '../kinesis/stream.ts';
import { ArchiveError, DamagedError, DroppedError, type Engine, type ShardKey } from '../log/log.ts';
import { forEach, type Tick } from './background.ts';

/**
 * Frees the space of records past their stream's retention, and removes closed shards from the catalog when
 * they are past it, too. Readers never see such records, whether this ran or not.
 */
export function retentionTick(world: World): Tick {
  const damaged = new Set<string>();
  // By stream id: no record that is left is older. Until that time expires, the stream needs no look.
  let floors = new Map<string, Millis>();
  return async () => {
    const streams = [...world.catalog.state.streams.values()];
    floors = new Map(streams.map(({ id }) => [id, floors.get(id) ?? Number.NEGATIVE_INFINITY]));
    const whole = streams.filter((stream) => isServing(stream) && !damaged.has(stream.id));
    await forEach(whole, async (stream) => {
      if (trimHorizon(stream, world.clock.now()) < floors.get(stream.id)!) return;
      try {
        floors.set(stream.id, await trimStream(world, stream));
      } catch (error) {
        // What is in an archive that does not answer is trimmed once it does.
        if (error instanceof DroppedError || error instanceof ArchiveError) return;
        if (!(error instanceof DamagedError)) throw error;
        // Logged once: the damage stays, and nothing of the stream may be thrown away.
        damaged.add(stream.id);
        world.logger.error('a stream is damaged and nothing of it is removed', {
          stream: stream.name,
          error,
        });
      }
    });
    return everyMs;
  };
}

type World = {
  readonly catalog: Catalog;
  readonly log: Engine;
  readonly clock: Clock;
  readonly logger: Logger;
};

/** Hours of retention need no finer grain. */
const everyMs: Millis = 60_000;

/** Answers a time before which no remaining record arrived and no remaining shard closed. */
async function trimStream({ catalog, log, clock }: World, stream: Stream): Promise<Millis> {
  const now = clock.now();
  const horizon = trimHorizon(stream, now);
  let floor = now;
  const expired: number[] = [];
  for (const shard of stream.shards) {
    const key = { stream: stream.id, shard: shard.index };
    await log.trim(key, await log.seek(key, horizon));
    if (isExpired(shard, horizon)) expired.push(shard.index);
    else floor = Math.min(floor, shard.closed?.childrenAt ?? now, await floorOf(log, key, shard, horizon));
  }
  if (expired.length > 0) {
    const key = streamKeyOf(stream);
    await catalog.commit((state) =>
      state.streams.get(key)?.id === stream.id ? [{ kind: 'shards-expired', key, shards: expired }] : [],
    );
  }
  return floor;
}

/**
 * What is left of a log arrived at or after the horizon, and after the shard began. Looking an hour ahead
 * saves the minutely look at a stream that was quiet for a while.
 */
async function floorOf(log: Engine, key: ShardKey, { createdAt }: Shard, horizon: Millis): Promise<Millis> {
  const { start, end } = await log.position(key);
  if (start === end) return Number.POSITIVE_INFINITY;
  const ahead = horizon + lookAheadMs;
  const isQuiet = (await log.seek(key, ahead)) === start;
  return Math.max(createdAt, isQuiet ? ahead : horizon);
}

const lookAheadMs: Millis = 3_600_000;
