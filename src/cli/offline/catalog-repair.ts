import type { ClosedShard, Edit } from '../../catalog/edit.ts';
import { fulfil } from '../../catalog/reshard.ts';
import { streamKeyOf } from '../../catalog/state.ts';
import type { Millis } from '../../env/clock.ts';
import type { Offset } from '../../kinesis/record.ts';
import type { Shard, Stream } from '../../kinesis/stream.ts';
import type { ShardStates } from '../../log/embedded/shard-state.ts';
import type { LogCheck } from '../../log/embedded/verify/verify.ts';
import { firstShards } from '../../stream/lifecycle.ts';

/** A stream whose log was copied without all of its records. */
export type CatalogRepair = { readonly stream: Stream; readonly log: KnownEnds; readonly kept: ShardStates };

/** How far a stream's shards are known to have come. */
export type KnownEnds = Pick<LogCheck, 'states' | 'isUncertain'>;

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

function isCut({ index, closed }: Shard, next: Offset, log: KnownEnds): boolean {
  if (closed !== undefined) return next < closed.end;
  return log.isUncertain(index) || next < (log.states.get(index)?.next ?? 0);
}

/** A stream that has records was created, whether or not the edit that says so can be read. */
export function editsOfCreation(stream: Stream, log: KnownEnds): Edit[] {
  if (stream.change?.kind !== 'create' || log.states.size === 0) return [];
  const opened = firstShards(stream, stream.change.shardCount);
  return [{ kind: 'shards-replaced', key: streamKeyOf(stream), closed: [], opened }];
}

/**
 * What becomes true in a copy in which shards end early. A new record must never get the sequence number of
 * one that is lost, which some consumer may have read; so a shard that was open closes where its records end,
 * and a new one takes its place: consumers go on from the one to the other, as after a split. A reshard under
 * way is given up. Shards that the control plane does not know of keep their numbers to themselves.
 */
export function editsOfRepair(
  { stream, log }: CatalogRepair,
  cut: ReadonlyMap<number, Offset>,
  now: Millis,
): Edit[] {
  const key = streamKeyOf(stream);
  const edits: Edit[] = [];
  const nextShard = Math.max(stream.nextShard, ...log.states.keys().map((shard) => shard + 1));
  if (nextShard > stream.nextShard) edits.push({ kind: 'shards-skipped', key, nextShard });
  if (cut.size === 0) return edits;
  const { change } = stream;
  edits.push({ kind: 'shards-replaced', key, ...replacement(stream, log, cut, { nextShard, now }) });
  if (change?.kind === 'set') edits.push({ kind: 'change-begun', key, change });
  return edits;
}

/** What closes, or turns out to have ended early, and what opens in its place. */
function replacement(
  stream: Stream,
  log: KnownEnds,
  cut: ReadonlyMap<number, Offset>,
  { nextShard, now }: { readonly nextShard: number; readonly now: Millis },
): { closed: ClosedShard[]; opened: Shard[] } {
  const closing = stream.shards.filter(({ index, closed }) => closed === undefined && cut.has(index));
  const children = closing.map(({ index, range }, nth) => ({
    index: nextShard + nth,
    parents: [index],
    range,
    isPassing: false,
  }));
  const reshard = { parents: closing.map(({ index }) => index), children };
  const { closed, opened } = fulfil(stream, reshard, cut, latest(log, now));
  return { closed: [...closed, ...shortened(stream, cut)], opened };
}

/** Shards that were closed already, at an earlier end. */
function shortened({ shards }: Stream, cut: ReadonlyMap<number, Offset>): ClosedShard[] {
  return shards.flatMap(({ index, closed }) => {
    const end = cut.get(index);
    return closed === undefined || end === undefined ? [] : [{ index, closed: { ...closed, end } }];
  });
}

/** A shard closes no earlier than any record arrived, even if the clock went back since. */
function latest({ states }: KnownEnds, now: Millis): Millis {
  let time = now;
  for (const { lastArrival } of states.values()) time = Math.max(time, lastArrival);
  return time;
}
