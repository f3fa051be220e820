import { hashKeyMax } from '../src/kinesis/hash-key.ts';
import type { Expiry } from './expiry.ts';
import type { Listing, Model, Moment, ShardView, StreamModel } from './model.ts';

/**
 * The shards of a stream: a family that only grows, and whose open members share the hash keys among them.
 */
export function* checkListings(model: Model, stream: StreamModel, expiry: Expiry): Generator<string> {
  const listings = [...stream.listings, ...(stream.last === undefined ? [] : [stream.last.listing])];
  const openAt = lastOpen(stream);
  const mayBeForgotten = (shard: string, later: Listing) => {
    const closed = model.earliestWall(openAt.get(shard) ?? stream.created ?? 1, later.answered);
    return expiry.mayBeGone(closed, later.answered);
  };
  for (const [index, listing] of listings.entries()) {
    yield* checkPartition(stream, listing);
    for (const shard of listing.shards) yield* checkLineage(listing, shard);
    for (const earlier of listings.slice(0, index)) {
      if (earlier.answered < listing.sent) yield* checkChange(earlier, listing, mayBeForgotten);
    }
  }
}

function* checkPartition(stream: StreamModel, { shards }: Listing): Generator<string> {
  const open = shards.filter(({ ending }) => ending === undefined);
  open.sort((one, other) => (one.first < other.first ? -1 : 1));
  let next = 0n;
  for (const shard of open) {
    if (shard.first !== next) yield `hash keys: the open shards of ${stream.name} leave or overlap ${next}`;
    next = shard.last + 1n;
  }
  if (next !== hashKeyMax + 1n) yield `hash keys: the open shards of ${stream.name} end at ${next}`;
}

function* checkLineage({ shards }: Listing, child: ShardView): Generator<string> {
  for (const id of child.parents) {
    const parent = shards.find((shard) => shard.id === id);
    if (parent === undefined) continue; // Its records outlived their retention.
    if (parent.ending === undefined) yield `lineage: ${id} is open and has the child ${child.id}`;
    else if (child.starting <= parent.ending && !isPassing(parent, child)) {
      yield `lineage: ${child.id} starts before its parent ${id} ends`;
    }
    if (child.last < parent.first || child.first > parent.last)
      yield `lineage: ${child.id} shares nothing with ${id}`;
  }
}

/**
 * A shard between two steps of one scaling: closed in the second in which it was made, so it never held a
 * record.
 */
function isPassing(parent: ShardView, child: ShardView): boolean {
  return parent.starting >> secondBits === child.starting >> secondBits;
}

/** Below these stand the counter, the record's time and the index: see kinesis/sequence-number.ts. */
const secondBits = 148n;

/** When each shard was last known to be open. */
function lastOpen({ listings }: StreamModel): Map<string, Moment> {
  const openAt = new Map<string, Moment>();
  for (const { sent, shards } of listings) {
    for (const { id, ending } of shards) if (ending === undefined) openAt.set(id, sent);
  }
  return openAt;
}

/** A shard keeps all it is; only its end may come. No shard goes while its stream's records are kept. */
function* checkChange(
  earlier: Listing,
  later: Listing,
  mayBeForgotten: (shard: string, later: Listing) => boolean,
): Generator<string> {
  const shards = new Map(later.shards.map((shard) => [shard.id, shard]));
  for (const { ending, ...before } of earlier.shards) {
    const after = shards.get(before.id);
    if (after === undefined) {
      if (!mayBeForgotten(before.id, later)) yield `vanished: shard ${before.id} is no longer listed`;
      continue;
    }
    const isSame =
      before.first === after.first &&
      before.last === after.last &&
      before.starting === after.starting &&
      String(before.parents) === String(after.parents) &&
      (ending === undefined || ending === after.ending);
    if (!isSame) yield `changed: shard ${before.id} is not what it was`;
  }
}
