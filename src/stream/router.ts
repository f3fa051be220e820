import type { HashKey } from '../kinesis/hash-key.ts';
import type { Shard, Stream } from '../kinesis/stream.ts';

/** Chooses open shards. */
export type Router = {
  /** By hash key. */
  readonly shards: readonly Shard[];
  /** The shard that a hash key belongs to. */
  find(hashKey: HashKey): Shard;
  /** Each in turn. */
  next(): Shard;
};

/** The router of a stream as it is now. Shards are never changed in place, so each list of them has one, made when first asked for. */
export function routerOf({ shards }: Stream): Router {
  let router = routers.get(shards);
  if (router === undefined) {
    router = makeRouter(shards);
    routers.set(shards, router);
  }
  return router;
}

/** By the list, not by the stream: that changes with each of its settings and consumers. */
const routers = new WeakMap<readonly Shard[], Router>();

function makeRouter(all: readonly Shard[]): Router {
  const open = all.filter((shard) => shard.closed === undefined);
  const shards = open.sort((a, b) => (a.range.first < b.range.first ? -1 : 1));
  let turn = 0;
  return {
    shards,
    find: (hashKey) => shards[lastAtOrBelow(shards, hashKey)]!,
    next: () => shards[turn++ % shards.length]!,
  };
}

/** Open shards partition the space, so the last range that begins at or below the key holds it. */
function lastAtOrBelow(shards: readonly Shard[], hashKey: HashKey): number {
  let low = 0;
  let high = shards.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (shards[middle]!.range.first <= hashKey) low = middle;
    else high = middle - 1;
  }
  return low;
}
