import { median } from '../../harness/statistics.ts';

export type Pair = { readonly without: number; readonly with: number };

/**
 * Measures with something and without it, in pairs, one right after the other; whichever comes first takes
 * turns. What a busy machine does to one of a pair it mostly does to the other.
 */
export async function inPairs(
  count: number,
  measure: (isWith: boolean) => Promise<number>,
): Promise<readonly Pair[]> {
  await measure(false);
  await measure(true);
  const pairs: Pair[] = [];
  for (let pair = 0; pair < count; pair++) {
    const isWithFirst = pair % 2 === 1;
    const first = await measure(isWithFirst);
    const second = await measure(!isWithFirst);
    pairs.push(isWithFirst ? { with: first, without: second } : { with: second, without: first });
  }
  return pairs;
}

/** Medians: of either, of what is more with it in each pair, and of how many times as much it is. */
export function mediansOf(pairs: readonly Pair[]) {
  return {
    with: median(pairs.map((pair) => pair.with)),
    without: median(pairs.map((pair) => pair.without)),
    more: median(pairs.map((pair) => pair.with - pair.without)),
    share: median(pairs.map((pair) => pair.with / pair.without)),
  };
}
