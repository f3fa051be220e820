import type { HotKeySight } from '../../../../src/services/millrace/sights.ts';
import { fractionOf, type HashRange, sizeOf } from './hash-range.ts';

/**
 * Where a shard may be split: above its first hash key plus one, and below its last (API reference,
 * SplitShard). Undefined when it has too few hash keys.
 */
export function splitBounds({ first, last }: HashRange): HashRange | undefined {
  return last - first < 3n ? undefined : { first: first + 2n, last: last - 1n };
}

/** Where both children get as many hash keys. */
export function halfOf(range: HashRange): bigint | undefined {
  return splitBounds(range) === undefined ? undefined : range.first + sizeOf(range) / 2n;
}

/** A hash key as one types it, or what is wrong with it. */
export function splitFrom(text: string, range: HashRange): bigint | 'no number' | 'too low' | 'too high' {
  if (!/^\s*\d{1,39}\s*$/.test(text)) return 'no number';
  const at = BigInt(text);
  const bounds = splitBounds(range);
  if (bounds === undefined || at < bounds.first) return 'too low';
  return at > bounds.last ? 'too high' : at;
}

/**
 * How much of what was put to a shard lately lies below a hash key, from 0 to 1: keys that come often where
 * they are, all others evenly over its hash keys.
 */
export function loadBelow(range: HashRange, hotKeys: readonly HotKeySight[], at: bigint): number {
  const hot = hotKeys.reduce((sum, { Share }) => sum + Share, 0);
  const below = hotKeys
    .filter(({ HashKey }) => BigInt(HashKey) < at)
    .reduce((sum, { Share }) => sum + Share, 0);
  return Math.min(1, below + Math.max(0, 1 - hot) * fractionOf(range, at));
}

/** A key that is so much of its shard's records that no split can help; undefined where there is none. */
export function indivisibleKey(hotKeys: readonly HotKeySight[]): HotKeySight | undefined {
  return hotKeys.find((hot) => hot.Share - hot.Error >= indivisibleShare);
}

const indivisibleShare = 0.5;
