import type { HashKeyRange } from '../../kinesis/hash-key.ts';
import { HashSlices } from '../hash-slices.ts';
import type { HotKey, ShardHeat } from './counts.ts';
import type { SketchedKey, SketchedKeys } from './key-sketch.ts';

/**
 * What several threads know of one shard, together. A key that one of them does not name may have come to it
 * as often as the lightest that it does, which is error (Agarwal et al., "Mergeable Summaries", 2013).
 */
export function heatFrom(sketches: readonly SketchedKeys[], range: HashKeyRange): ShardHeat {
  const weight = sketches.reduce((sum, sketch) => sum + sketch.weight, 0);
  const slices = new HashSlices(range);
  const keys = new Map<string, SketchedKey>();
  for (const sketch of sketches) {
    slices.include(sketch.slices);
    for (const key of sketch.keys) keys.set(key.hashKey, sum(keys.get(key.hashKey), key));
  }
  const unnamed = sketches.map(({ keys, otherMax }) => ({
    named: new Set(keys.map(({ hashKey }) => hashKey)),
    otherMax,
  }));
  const hotKeys = Array.from(keys.values(), (key): HotKey => {
    const missed = unnamed.reduce(
      (most, { named, otherMax }) => most + (named.has(key.hashKey) ? 0 : otherMax),
      0,
    );
    const { weight: own, error } = key;
    return {
      ...{ key: key.key, hashKey: BigInt(key.hashKey) },
      ...{ share: Math.min(1, (own + missed) / weight), error: Math.min(1, (error + missed) / weight) },
    };
  });
  return {
    hotKeys: hotKeys.filter(isHot).sort((one, other) => other.share - one.share),
    splitAt: slices.halvingKey(),
  };
}

function sum(known: SketchedKey | undefined, more: SketchedKey): SketchedKey {
  if (known === undefined) return more;
  return { ...known, weight: known.weight + more.weight, error: known.error + more.error };
}

/** What is certain of its share is worth a word. */
function isHot({ share, error }: HotKey): boolean {
  return share - error >= certainMin;
}

const certainMin = 0.01;
