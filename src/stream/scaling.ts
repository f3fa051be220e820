import type { Catalog } from '../catalog/catalog.ts';
import type { ReshardChange } from '../catalog/reshard.ts';
import { streamKeyOf } from '../catalog/state.ts';
import type { Clock, Millis } from '../env/clock.ts';
import { limits } from '../kinesis/limits.ts';
import { findShard, openShards, type Stream } from '../kinesis/stream.ts';
import { ServiceError } from '../wire/service-error.ts';
import { forEach, type Tick } from './background.ts';
import type { Load } from './load.ts';
import { type Demand, LoadMonitor } from './load-monitor.ts';

/** Load is averaged over a window, and its peaks are remembered for a while. */
type ScalingPace = { readonly window: Millis; readonly memory: Millis };

/**
 * Gives on-demand streams the shards that they need. Loads are kept in memory only: after a restart, no shard
 * is taken away until streams have been watched for as long as peaks are remembered.
 */
export function scalingTick({ catalog, clock }: World, load: Load, { window, memory }: ScalingPace): Tick {
  let watches = new Map<string, LoadMonitor>();
  let windowBegan = clock.monotonic();
  return async () => {
    const now = clock.monotonic();
    const streams = [...catalog.state.streams.values()].filter(({ mode }) => mode === 'ON_DEMAND');
    // Streams that are gone, or provisioned by now, are forgotten.
    watches = new Map(streams.map(({ id }) => [id, watches.get(id) ?? new LoadMonitor(now, memory)]));
    if (now - windowBegan >= window) {
      const loads = load.take();
      const seconds = (now - windowBegan) / 1000;
      for (const [id, watch] of watches) watch.endWindow(loads.get(id) ?? new Map(), seconds, now);
      windowBegan = now;
    }
    let began = false;
    await forEach(streams, async (stream) => {
      const watch = watches.get(stream.id)!;
      const change = decideScaling(stream, watch.demand(now), clock.now());
      if (change === undefined || !(await begin(catalog, stream, change))) return;
      began = true;
      // Otherwise the halves of a hot shard would be merged again: the load as a whole does not need them.
      if (change.kind === 'split') watch.note(openShards(stream).length + 1, now);
    });
    // At once: the change has to be carried out, and others may follow.
    return began ? 0 : windowBegan + window - now;
  };
}

type World = { readonly catalog: Catalog; readonly clock: Clock };

/**
 * The next step towards the demand; undefined when there is none. The number of shards doubles or halves, so
 * that a slowly growing load does not close all shards to add one, and a stream that has just grown is far
 * from shrinking.
 */
export function decideScaling(stream: Stream, demand: Demand, now: Millis): ReshardChange | undefined {
  if (stream.status !== 'ACTIVE' || stream.mode !== 'ON_DEMAND') return undefined;
  const open = openShards(stream).length;
  const scaleTo = (target: number): ReshardChange => ({ kind: 'scale', since: now, target });
  const warm = stream.warmMiBps ?? 0;
  if (open < warm) return scaleTo(warm);
  if (open < shardsMax) {
    if (open < demand.shards) return scaleTo(Math.min(open * 2, shardsMax));
    const hot = [...demand.splits].find(([index]) => isOpen(stream, index));
    if (hot !== undefined) return { kind: 'split', since: now, shard: hot[0], at: hot[1] };
  }
  const least = Math.max(demand.shards, warm, limits.onDemandShardCount);
  return demand.isKnown && least * 2 <= open ? scaleTo(Math.ceil(open / 2)) : undefined;
}

/** The most that can be asked for, in MiB/s. */
const shardsMax = limits.warmMiBpsMax;

function isOpen(stream: Stream, index: number): boolean {
  const shard = findShard(stream, index);
  return shard !== undefined && shard.closed === undefined;
}

/** Whether the change was begun: only if the stream is still as it was seen, and there is room for shards. */
async function begin(catalog: Catalog, seen: Stream, change: ReshardChange): Promise<boolean> {
  const key = streamKeyOf(seen);
  let same = false;
  try {
    await catalog.commit((state) => {
      same = state.streams.get(key) === seen;
      return same ? [{ kind: 'change-begun', key, change }] : [];
    });
  } catch (error) {
    if (error instanceof ServiceError && error.type === 'LimitExceededException') return false;
    throw error;
  }
  return same;
}
