import type { StreamModel } from '../model.ts';

/** What a tail sends of a shard comes after all that it sends of those that it came from. */
export function* checkTails({ name, tails, listings }: StreamModel): Generator<string> {
  const parents = new Map(
    listings.flatMap(({ shards }) => shards.map((shard) => [shard.id, shard.parents] as const)),
  );
  for (const { order } of tails) {
    const begun = new Set<string>();
    const over = new Set<string>();
    for (const shard of order) {
      if (over.has(shard)) yield `too early: a tail of ${name} shows ${shard} after what came of it`;
      if (begun.has(shard)) continue;
      begun.add(shard);
      for (const parent of parents.get(shard) ?? []) over.add(parent);
    }
  }
}
