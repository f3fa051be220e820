import { isDeepStrictEqual } from 'node:util';
import type { Catalog } from '../catalog/catalog.ts';
import type { Edit } from '../catalog/edit.ts';
import { fulfil, planReshard, type ReshardChange } from '../catalog/reshard.ts';
import { type StreamKey, streamKeyOf } from '../catalog/state.ts';
import type { Clock, Millis } from '../env/clock.ts';
import { evenRanges } from '../kinesis/hash-key.ts';
import type { Offset } from '../kinesis/record.ts';
import type { Consumer, Shard, Stream, StreamChange } from '../kinesis/stream.ts';
import type { Engine, StreamNeeds } from '../log/log.ts';
import { forEach, type Tick } from './background.ts';

/**
 * Takes streams and consumers out of CREATING, UPDATING and DELETING, and tells the engine what streams need
 * of it. The intent is in the catalog: work that a crash interrupted starts again from its beginning, and
 * each of its steps may be repeated.
 */
export function lifecycleTick(world: World, delay: Millis): Tick {
  // By stream id: the retention that the engine was told last, and the change that it has made ready for.
  let told = new Map<string, number | undefined>();
  let ready = new Map<string, StreamChange | undefined>();
  // As soon as a change is known: writers wait from a seal on until the children are there, which is no time
  // to make room for them.
  const makeReady = async (stream: Stream, change: StreamChange) => {
    const opened = openedBy(stream, change);
    if (opened === undefined || ready.get(stream.id) === change) return;
    await world.log.prepare(stream.id, needsOf(stream, opened));
    ready.set(stream.id, change);
  };
  return async () => {
    const ids = [...world.catalog.state.streams.values()].map(({ id }) => id);
    told = new Map(ids.map((id) => [id, told.get(id)]));
    ready = new Map(ids.map((id) => [id, ready.get(id)]));
    let next: Millis | undefined;
    const whenDue = async (since: Millis, work: () => Promise<unknown>) => {
      const wait = dueIn(since, delay, world.clock.now());
      if (wait === 0) await work();
      else next = Math.min(next ?? wait, wait);
    };
    await forEach(world.catalog.state.streams.values(), async (stream) => {
      await forEach(stream.consumers, async (consumer) => {
        if (consumer.status === 'ACTIVE') return;
        await whenDue(consumer.since, () => settleConsumer(world, stream, consumer));
      });
      const { change } = stream;
      if (change !== undefined) {
        await makeReady(stream, change);
        await whenDue(change.since, () => finish(world, stream, change));
      } else if (told.get(stream.id) !== stream.retentionHours) {
        await world.log.prepare(stream.id, needsOf(stream));
        told.set(stream.id, stream.retentionHours);
      }
    });
    return next;
  };
}

type World = { readonly catalog: Catalog; readonly log: Engine; readonly clock: Clock };

/**
 * How long something waits yet that was asked for at `since`. If the wall clock went back, it waits no
 * longer.
 */
export function dueIn(since: Millis, delay: Millis, now: Millis): Millis {
  const passed = now - since;
  return passed < 0 ? 0 : Math.max(0, delay - passed);
}

function finish(world: World, stream: Stream, change: StreamChange): Promise<unknown> {
  switch (change.kind) {
    case 'create':
      return activate(world, stream, change.shardCount);
    case 'delete':
      return remove(world, stream);
    case 'set':
      return commitFor(world, stream, (key) => [{ kind: 'stream-settled', key, settings: change.settings }]);
    default:
      return reshard(world, stream, change);
  }
}

/**
 * Commits edits for `stream`, unless its change is no longer the one that was begun: another server may have
 * done the same work, and a change of the same kind may have been begun since.
 */
function commitFor({ catalog }: World, stream: Stream, edits: (key: StreamKey) => Edit[]): Promise<unknown> {
  const key = streamKeyOf(stream);
  return catalog.commit((state) => {
    const current = state.streams.get(key);
    const isSame =
      current?.id === stream.id &&
      current.nextShard === stream.nextShard &&
      isDeepStrictEqual(current.change, stream.change);
    return isSame ? edits(key) : [];
  });
}

/** The shards that a stream is created with. */
export function firstShards(stream: Stream, shardCount: number): Shard[] {
  const createdAt = Math.floor(stream.createdAt / 1000) * 1000;
  return evenRanges(shardCount).map((range, index) => ({ index, parents: [], range, createdAt }));
}

function activate(world: World, stream: Stream, shardCount: number): Promise<unknown> {
  const opened = firstShards(stream, shardCount);
  return commitFor(world, stream, (key) => [{ kind: 'shards-replaced', key, closed: [], opened }]);
}

/** The records go first: once the catalog has forgotten a stream, nothing looks for its records again. */
async function remove(world: World, stream: Stream): Promise<unknown> {
  await world.log.drop(stream.id);
  return commitFor(world, stream, (key) => [{ kind: 'stream-deleted', key }]);
}

async function reshard(world: World, stream: Stream, change: ReshardChange): Promise<unknown> {
  const plan = planReshard(stream, change);
  const ends = new Map<number, Offset>();
  let latest: Millis = Number.NEGATIVE_INFINITY;
  const close = async (index: number) => {
    const key = { stream: stream.id, shard: index };
    ends.set(index, await world.log.seal(key));
    const { lastArrival } = await world.log.position(key);
    latest = Math.max(latest, lastArrival);
  };
  // All at once: a merge's second parent waits for nothing that the first does.
  await Promise.all(plan.parents.map(close));
  // The clock is read when they are closed: it may have leapt while they were still open.
  const replaced = fulfil(stream, plan, ends, Math.max(world.clock.now(), latest));
  return commitFor(world, stream, (key) => [{ kind: 'shards-replaced', key, ...replaced }]);
}

/** The shards that a change opens, of those that take records; undefined where it opens none. */
function openedBy(stream: Stream, change: StreamChange): readonly Pick<Shard, 'index'>[] | undefined {
  switch (change.kind) {
    case 'create':
      return firstShards(stream, change.shardCount);
    case 'delete':
    case 'set':
      return undefined;
    default:
      return planReshard(stream, change).children.filter(({ isPassing }) => !isPassing);
  }
}

/** What a stream needs, with shards that are about to be opened. */
function needsOf(stream: Stream, opened: readonly Pick<Shard, 'index'>[] = []): StreamNeeds {
  const shards = [...stream.shards, ...opened].map(({ index }) => index);
  return { shards, retention: stream.retentionHours * 3_600_000 };
}

/** Takes a consumer out of CREATING or DELETING, if it is still the one that was seen. */
function settleConsumer({ catalog }: World, stream: Stream, seen: Consumer): Promise<unknown> {
  const key = streamKeyOf(stream);
  return catalog.commit((state) => {
    const consumer = state.streams.get(key)?.consumers.find(({ name }) => name === seen.name);
    if (consumer?.status !== seen.status || consumer.since !== seen.since) return [];
    if (consumer.status === 'DELETING') return [{ kind: 'consumer-removed', key, name: consumer.name }];
    return [{ kind: 'consumer-changed', key, consumer: { ...consumer, status: 'ACTIVE' } }];
  });
}
