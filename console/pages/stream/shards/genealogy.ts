import type { ShardSight } from '../../../../src/services/millrace/sights.ts';
import type { HashRange } from './hash-range.ts';

/** A shard in its family. Parents that expired are not among them. */
export type FamilyShard = HashRange & {
  readonly id: string;
  /** Where it stands in the list. */
  readonly at: number;
  readonly isOpen: boolean;
  readonly parents: readonly number[];
  readonly children: readonly number[];
  /**
   * The rows that it takes in a drawing, `top..bottom`: from its generation until that of its children, and
   * to the last row while it is open. So those that were open together lie side by side, and none covers
   * another.
   */
  readonly top: number;
  readonly bottom: number;
};

export type Genealogy = {
  /** Ascending by index, as sights have them. */
  readonly shards: readonly FamilyShard[];
  readonly rows: number;
  /** The open ones by hash key, as places in `shards`. */
  readonly open: readonly number[];
};

/** Who came from whom. Parents stand before their children. */
export function genealogyOf(sights: readonly ShardSight[]): Genealogy {
  const places = new Map(sights.map(({ ShardId }, at) => [ShardId, at]));
  const children: number[][] = sights.map(() => []);
  const generations: number[] = [];
  const parents = sights.map((sight, at) => {
    const known = [sight.ParentShardId, sight.AdjacentParentShardId]
      .map((id) => (id === undefined ? undefined : places.get(id)))
      .filter((place) => place !== undefined);
    for (const parent of known) children[parent]!.push(at);
    generations.push(known.reduce((oldest, parent) => Math.max(oldest, generations[parent]! + 1), 0));
    return known;
  });
  const rows = generations.reduce((most, generation) => Math.max(most, generation + 1), 0);
  const shards = sights.map((sight, at) => ({
    id: sight.ShardId,
    at,
    first: BigInt(sight.StartingHashKey),
    last: BigInt(sight.EndingHashKey),
    isOpen: sight.ClosedAt === undefined,
    parents: parents[at]!,
    children: children[at]!,
    top: generations[at]!,
    bottom: bottomOf(
      sight,
      generations[at]!,
      children[at]!.map((child) => generations[child]!),
      rows,
    ),
  }));
  return { shards, rows, open: byHashKey(shards.filter(({ isOpen }) => isOpen)) };
}

function bottomOf(sight: ShardSight, top: number, children: readonly number[], rows: number): number {
  if (children.length > 0) return Math.min(...children);
  return sight.ClosedAt === undefined ? rows : top + 1;
}

function byHashKey(shards: readonly FamilyShard[]): number[] {
  return [...shards].sort((a, b) => (a.first < b.first ? -1 : 1)).map(({ at }) => at);
}

/** The places of all that a shard came from, or of all that came from it. */
export function kin({ shards }: Genealogy, at: number, side: 'parents' | 'children'): Set<number> {
  const found = new Set<number>();
  const waiting = [...shards[at]![side]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    waiting.push(...shards[next]![side]);
  }
  return found;
}

/** The open shards that a shard can be merged with: those that lie beside it. */
export function neighbours({ shards, open }: Genealogy, at: number): { lower?: number; upper?: number } {
  const place = open.indexOf(at);
  const lower = open[place - 1];
  const upper = open[place + 1];
  if (place < 0) return {};
  return {
    ...(lower !== undefined && shards[lower]!.last + 1n === shards[at]!.first ? { lower } : {}),
    ...(upper !== undefined && shards[at]!.last + 1n === shards[upper]!.first ? { upper } : {}),
  };
}

export type Direction = 'left' | 'right' | 'up' | 'down';

/**
 * Where the keyboard goes from a shard: to the one beside it in the same row, to its first parent, to its
 * first child; or stays.
 */
export function nextShard(family: Genealogy, at: number, direction: Direction): number {
  const shard = family.shards[at]!;
  if (direction === 'up') return shard.parents[0] ?? at;
  if (direction === 'down') return shard.children[0] ?? at;
  const row = shard.bottom - 1;
  const beside = family.shards.filter(({ top, bottom }) => top <= row && row < bottom);
  const onSide = beside.filter(({ first }) =>
    direction === 'left' ? first < shard.first : first > shard.first,
  );
  const nearest = onSide.reduce<FamilyShard | undefined>((best, other) => {
    if (best === undefined) return other;
    return other.first > best.first === (direction === 'left') ? other : best;
  }, undefined);
  return nearest?.at ?? at;
}
