import { type HashRange, sizeOf, wholeRange } from '../../console/pages/stream/shards/hash-range.ts';
import type { CountsSight, ShardSight } from '../../src/services/millrace/sights.ts';

export const noCountsSight: CountsSight = {
  ...{ RecordsIn: 0, BytesIn: 0, PutUnits: 0, KilobytesIn: 0, RecordsThrottled: 0 },
  ...{ RecordsOut: 0, BytesOut: 0, FanOutRecords: 0, FanOutBytes: 0, ReadsThrottled: 0 },
};

export function shardId(index: number): string {
  return `shardId-${String(index).padStart(12, '0')}`;
}

export function shardSight(
  index: number,
  range: HashRange,
  { parents = [], closed = false }: { readonly parents?: readonly number[]; readonly closed?: boolean } = {},
): ShardSight {
  const [parent, adjacent] = parents;
  return {
    ShardId: shardId(index),
    ...(parent === undefined ? {} : { ParentShardId: shardId(parent) }),
    ...(adjacent === undefined ? {} : { AdjacentParentShardId: shardId(adjacent) }),
    StartingHashKey: String(range.first),
    EndingHashKey: String(range.last),
    CreatedAt: 1_800_000_000 + index,
    ...(closed ? { ClosedAt: 1_800_000_100 + index } : {}),
    Counts: noCountsSight,
    HotKeys: [],
  };
}

/** A stream that began with one shard and was split and merged so often, at places that the seed says. */
export function splitOften(times: number, seed: number): ShardSight[] {
  const shards: { range: HashRange; parents: number[]; closed: boolean }[] = [
    { range: wholeRange, parents: [], closed: false },
  ];
  let state = seed;
  const random = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state % below;
  };
  const open = () =>
    shards
      .map(({ range, closed }, index) => ({ range, closed, index }))
      .filter(({ closed }) => !closed)
      .sort((a, b) => (a.range.first < b.range.first ? -1 : 1));
  for (let time = 0; time < times; time++) {
    const now = open();
    const place = random(now.length);
    const { index, range } = now[place]!;
    const next = now[place + 1];
    shards[index]!.closed = true;
    if (next !== undefined && random(3) === 0) {
      shards[next.index]!.closed = true;
      const merged = { first: range.first, last: next.range.last };
      shards.push({ range: merged, parents: [index, next.index], closed: false });
    } else {
      const at = range.first + (sizeOf(range) * BigInt(1 + random(7))) / 9n;
      shards.push({ range: { first: range.first, last: at - 1n }, parents: [index], closed: false });
      shards.push({ range: { first: at, last: range.last }, parents: [index], closed: false });
    }
  }
  return shards.map(({ range, parents, closed }, index) => shardSight(index, range, { parents, closed }));
}
