import { type HashKeys, hashKeyWords, writeHashKey } from '../kinesis/hash-key.ts';
import type { Shard, Stream } from '../kinesis/stream.ts';

/** Chooses open shards, by their places among `shards`. */
export type Router = {
  /** By hash key. */
  readonly shards: readonly Shard[];
  /** The shard that the hash key at a place of `hashKeys` belongs to. */
  find(hashKeys: HashKeys, at: number): number;
  /** Each in turn. */
  next(): number;
};

/** The router of a stream as it is. Shards are never changed in place: each list of them has one router. */
export function routerOf({ shards }: Stream): Router {
  let router = routers.get(shards);
  if (router === undefined) {
    router = makeRouter(shards);
    routers.set(shards, router);
  }
  return router;
}

/** By the list: settings and consumers change a stream and leave its list of shards. */
const routers = new WeakMap<readonly Shard[], Router>();

function makeRouter(all: readonly Shard[]): Router {
  const open = all.filter((shard) => shard.closed === undefined);
  const shards = open.sort((a, b) => (a.range.first < b.range.first ? -1 : 1));
  const starts = new Uint32Array(shards.length * hashKeyWords);
  shards.forEach(({ range }, index) => {
    writeHashKey(starts, index * hashKeyWords, range.first);
  });
  let turn = 0;
  return {
    shards,
    find: (hashKeys, at) => lastAtOrBelow(starts, hashKeys, at),
    next: () => turn++ % shards.length,
  };
}

/** Open shards partition the space: the last range that begins at or below the key holds it. */
function lastAtOrBelow(starts: HashKeys, hashKeys: HashKeys, at: number): number {
  let low = 0;
  let high = starts.length / hashKeyWords - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (isAtOrBelow(starts, middle * hashKeyWords, hashKeys, at)) low = middle;
    else high = middle - 1;
  }
  return low;
}

function isAtOrBelow(starts: HashKeys, start: number, hashKeys: HashKeys, at: number): boolean {
  for (let word = 0; word < hashKeyWords; word++) {
    const difference = starts[start + word]! - hashKeys[at + word]!;
    if (difference !== 0) return difference < 0;
  }
  return true;
}
