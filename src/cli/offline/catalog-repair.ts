import { apply } from '../../catalog/apply.ts';
import { fulfil } from '../../catalog/reshard.ts';
import { type CatalogState, streamKeyOf } from '../../catalog/state.ts';
import type { Millis } from '../../env/clock.ts';
import type { Offset } from '../../kinesis/record.ts';
import type { Shard, Stream } from '../../kinesis/stream.ts';
import type { ShardStates } from '../../log/embedded/shard-state.ts';
import type { LogCheck } from '../../log/embedded/verify/verify.ts';
import { firstShards } from '../../stream/lifecycle.ts';

/** A stream whose log was copied without all of its records. */
export type CatalogRepair = { readonly stream: Stream; readonly log: LogCheck; readonly kept: ShardStates };

/**
 * The shards whose last records are not in the copy, by index, and where they end there. Among them are those
 * that are sealed and that nothing is going to close: the catalog lost the edit that did, or the reshard is
 * given up.
 */
export function cutShards({ stream, log, kept }: CatalogRepair): Map<number, Offset> {
  if (stream.status === 'DELETING') return new Map();
  const nextOf = ({ index }: Shard) => kept.get(index)?.next ?? 0;
  const isLossy = stream.shards.some((shard) => isCut(shard, nextOf(shard), log));
  const isLeftSealed = ({ index, closed }: Shard) =>
    closed === undefined && kept.get(index)?.sealed === true && (isLossy || stream.change === undefined);
  const cut = stream.shards.filter((shard) => isCut(shard, nextOf(shard), log) || isLeftSealed(shard));
  return new Map(cut.map((shard) => [shard.index, nextOf(shard)]));
}

function isCut({ index, closed }: Shard, next: Offset, log: LogCheck): boolean {
  if (closed !== undefined) return next < closed.end;
  return log.isUncertain(index) || next < (log.standings.get(index)?.next ?? 0);
}

/** A stream that has records was created, whether or not the edit that says so can be read. */
export function createdState(state: CatalogState, stream: Stream, log: LogCheck): CatalogState {
  if (stream.change?.kind !== 'create' || log.standings.size === 0) return state;
  const opened = firstShards(stream, stream.change.shardCount);
  return apply(state, { kind: 'shards-replaced', key: streamKeyOf(stream), closed: [], opened });
}

/**
 * The control plane for a copy in which shards end early. A new record must never get the sequence number of
 * one that is lost, which some consumer may have read; so a shard that was open closes where its records end,
 * and a new one takes its place: consumers go on from the one to the other, as after a split. A reshard under
 * way is given up. Shards that the control plane does not know of keep their numbers to themselves.
 */
export function repairState(
  state: CatalogState,
  { stream, log }: CatalogRepair,
  cut: ReadonlyMap<number, Offset>,
  now: Millis,
): CatalogState {
  const key = streamKeyOf(stream);
  let next = stream.nextShard;
  for (const shard of log.standings.keys()) next = Math.max(next, shard + 1);
  if (cut.size === 0 && next === stream.nextShard) return state;
  const parents = stream.shards.filter(({ index, closed }) => closed === undefined && cut.has(index));
  const children = parents.map(({ index, range }) => ({
    index: next++,
    parents: [index],
    range,
    passing: false,
  }));
  const reshard = { parents: parents.map(({ index }) => index), children };
  let closedAt = now;
  for (const { lastArrival } of log.standings.values()) closedAt = Math.max(closedAt, lastArrival);
  const { closed, opened } = fulfil(stream, reshard, cut, closedAt);
  const shortened = stream.shards.flatMap((shard) =>
    shard.closed !== undefined && cut.has(shard.index)
      ? [{ index: shard.index, closed: { ...shard.closed, end: cut.get(shard.index)! } }]
      : [],
  );
  const mended = apply(state, { kind: 'shards-replaced', key, closed: [...closed, ...shortened], opened });
  const result = mended.streams.get(key)!;
  const isOver = stream.change?.kind !== 'set' && cut.size > 0;
  const change =
    !isOver && stream.change !== undefined ? { status: stream.status, change: stream.change } : {};
  return { ...mended, streams: new Map(mended.streams).set(key, { ...result, ...change, nextShard: next }) };
}
