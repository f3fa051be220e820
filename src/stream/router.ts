import type { HashKey } from '../kinesis/hash-key.ts';
import { openShards, type Shard, type Stream } from '../kinesis/stream.ts';

/** Chooses open shards. */
export type Router = {
  /** By hash key. */
  readonly shards: readonly Shard[];
  /** The shard that a hash key belongs to. */
  find(hashKey: HashKey): Shard;
  /** Each in turn. */
  next(): Shard;
};

/** The router of a stream as it is now. Streams are never changed in place, so each has one, made when first asked for. */
export function routerOf(stream: Stream): Router {
  let router = routers.get(stream);
  if (router === undefined) {
    router = makeRouter(stream);
    routers.set(stream, router);
  }
  return router;
}

const routers = new WeakMap<Stream, Router>();

function makeRouter(stream: Stream): Router {
  const shards = openShards(stream).sort((a, b) => (a.range.first < b.range.first ? -1 : 1));
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
