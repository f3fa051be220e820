import type { Millis } from '../../../env/clock.ts';
import { firstWhere } from '../../../env/first-where.ts';
import { type Shard, type Stream, trimHorizon } from '../../../kinesis/stream.ts';

/** `argument` is a shard's index or a time, as the kind needs; 0 where it needs none. */
export type Filter = { readonly kind: FilterKind; readonly argument: number };

/** In AWS's order. */
export const filterKinds = [
  'AFTER_SHARD_ID',
  'AT_TRIM_HORIZON',
  'FROM_TRIM_HORIZON',
  'AT_LATEST',
  'AT_TIMESTAMP',
  'FROM_TIMESTAMP',
] as const;
type FilterKind = (typeof filterKinds)[number];

export function isFilterKind(value: unknown): value is FilterKind {
  return filterKinds.includes(value as FilterKind);
}

/**
 * The shards that pass, by index: at most `max` of those after the index `after`. For the AT kinds, the
 * shards that pass cover the hash key space exactly once.
 */
export function filterShards(
  stream: Stream,
  filter: Filter,
  now: Millis,
  { after, max }: { after: number; max: number },
): Shard[] {
  const horizon = trimHorizon(stream, now);
  const passing: Shard[] = [];
  const { shards } = stream;
  // A page costs the same however many shards come before it.
  let at = firstWhere(shards.length, (place) => shards[place]!.index > after);
  for (; at < shards.length && passing.length < max; at++) {
    const shard = shards[at]!;
    if (passes(stream, shard, filter, horizon)) passing.push(shard);
  }
  return passing;
}

function passes(stream: Stream, shard: Shard, { kind, argument }: Filter, horizon: Millis): boolean {
  switch (kind) {
    case 'AFTER_SHARD_ID':
      return shard.index > argument;
    case 'FROM_TRIM_HORIZON':
      return wasOpenSince(shard, horizon);
    case 'AT_TRIM_HORIZON':
      return wasOpen(shard, Math.max(horizon, firstSecond(stream)));
    case 'AT_LATEST':
      return shard.closed === undefined;
    case 'AT_TIMESTAMP':
      return wasOpen(shard, Math.max(argument, horizon, firstSecond(stream)));
    case 'FROM_TIMESTAMP':
      return wasOpenSince(shard, Math.max(argument, horizon));
  }
}

/** Shards begin at whole seconds, the first ones possibly just before their stream. */
function firstSecond(stream: Stream): Millis {
  return Math.floor(stream.createdAt / 1000) * 1000;
}

/** A closed shard counts as open until its children begin, so every time belongs to one or the other. */
function wasOpen(shard: Shard, time: Millis): boolean {
  return shard.createdAt <= time && wasOpenSince(shard, time);
}

function wasOpenSince({ closed }: Shard, time: Millis): boolean {
  return closed === undefined || time < closed.childrenAt;
}
