/**
 * Values and how often each came, as value and count in turn, in the order of the values. No value comes
 * twice.
 */
export type Spread = Float64Array;

/** The spread of values in any order, which may repeat. Those that came 0 times are left out. */
export function spreadOf(values: readonly number[], counts: readonly number[]): Spread {
  const order = values.map((_, index) => index).filter((index) => counts[index]! > 0);
  order.sort((left, right) => values[left]! - values[right]!);
  const pairs: number[] = [];
  for (const index of order) {
    if (pairs.length > 0 && pairs.at(-2) === values[index]) pairs[pairs.length - 1]! += counts[index]!;
    else pairs.push(values[index]!, counts[index]!);
  }
  return Float64Array.from(pairs);
}

/** Both together: exact up to `valuesMax` values, beyond that neighbours share the mean of theirs. */
export function mergedSpread(left: Spread, right: Spread): Spread {
  const merged = new Float64Array(left.length + right.length);
  let [at, a, b] = [0, 0, 0];
  while (a < left.length || b < right.length) {
    const fromLeft = b >= right.length || left[a]! <= right[b]!;
    const fromRight = a >= left.length || right[b]! <= left[a]!;
    merged[at] = fromLeft ? left[a]! : right[b]!;
    merged[at + 1] = (fromLeft ? left[a + 1]! : 0) + (fromRight ? right[b + 1]! : 0);
    if (fromLeft) a += 2;
    if (fromRight) b += 2;
    at += 2;
  }
  const exact = merged.slice(0, at);
  return at / 2 <= valuesMax ? exact : halved(exact);
}

/** As many as one datum has at AWS (CloudWatch API reference, MetricDatum, Values). */
export const valuesMax = 150;

/** Each two neighbours are one. The least and the greatest value stay what they are. */
function halved(spread: Spread): Spread {
  const pairs = [spread[0]!, spread[1]!];
  const last = spread.length - 2;
  for (let at = 2; at < last; at += 4) {
    const isLone = at + 2 >= last;
    const [value, count] = [spread[at]!, spread[at + 1]!];
    const [nextValue, nextCount] = isLone ? [value, 0] : [spread[at + 2]!, spread[at + 3]!];
    const sum = count + nextCount;
    pairs.push(value * (count / sum) + nextValue * (nextCount / sum), sum);
  }
  pairs.push(spread[last]!, spread[last + 1]!);
  return Float64Array.from(pairs);
}

/** The least value that at least `percent` of all are not above. */
export function percentileOf(spread: Spread, percent: number): number {
  let total = 0;
  for (let at = 1; at < spread.length; at += 2) total += spread[at]!;
  const rank = (percent / 100) * total;
  let seen = 0;
  for (let at = 0; at < spread.length; at += 2) {
    seen += spread[at + 1]!;
    if (seen >= rank) return spread[at]!;
  }
  return spread.at(-2)!;
}
