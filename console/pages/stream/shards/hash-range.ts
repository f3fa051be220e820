/** A range of hash keys; both ends belong to it. */
export type HashRange = { readonly first: bigint; readonly last: bigint };

/** All hash keys: MD5 has 128 bits. */
export const wholeRange: HashRange = { first: 0n, last: (1n << 128n) - 1n };

export function sizeOf({ first, last }: HashRange): bigint {
  return last - first + 1n;
}

/** Where a hash key lies in a range: 0 at its start, 1 at its end. Exact to 53 bits. */
export function fractionOf({ first, last }: HashRange, hash: bigint): number {
  return Number(((hash - first) << fractionBits) / (last - first + 1n)) / 2 ** Number(fractionBits);
}

/** A double has 53 bits. */
const fractionBits = 53n;

/** How much of one range another one has, from 0 to 1. */
export function shareOf(range: HashRange, whole: HashRange): number {
  return fractionOf({ first: 0n, last: sizeOf(whole) - 1n }, sizeOf(range));
}

/** The range that a part of another one is, `from..to` as fractions, not narrower than `sizeMin` keys. */
export function partOf(range: HashRange, from: number, to: number, sizeMin: bigint): HashRange {
  const first = range.first + portion(sizeOf(range), from);
  const end = range.first + portion(sizeOf(range), to);
  return withinWhole(
    end - first < sizeMin ? { first, last: first + sizeMin - 1n } : { first, last: end - 1n },
  );
}

function portion(size: bigint, fraction: number): bigint {
  return (size * BigInt(Math.round(fraction * 2 ** Number(fractionBits)))) >> fractionBits;
}

/** The range moved to where there are hash keys, and cut when it has more than there are. */
function withinWhole({ first, last }: HashRange): HashRange {
  const size = last - first + 1n;
  if (size >= sizeOf(wholeRange)) return wholeRange;
  if (first < 0n) return { first: 0n, last: size - 1n };
  if (last > wholeRange.last) return { first: wholeRange.last - size + 1n, last: wholeRange.last };
  return { first, last };
}

/** Twice as wide around the same middle, or half as wide. */
export function zoomed(range: HashRange, direction: 'in' | 'out', sizeMin = 1024n): HashRange {
  const size = sizeOf(range);
  const quarter = size / 4n;
  if (direction === 'out')
    return withinWhole({ first: range.first - size / 2n, last: range.last + size / 2n });
  return size / 2n < sizeMin ? range : { first: range.first + quarter, last: range.last - quarter };
}

export function holds({ first, last }: HashRange, hash: bigint): boolean {
  return hash >= first && hash <= last;
}

export function overlaps(a: HashRange, b: HashRange): boolean {
  return a.first <= b.last && b.first <= a.last;
}

/** The ranges of so many shards that share all hash keys evenly; the last takes what is left. */
export function evenRanges(count: number): HashRange[] {
  const step = sizeOf(wholeRange) / BigInt(count);
  return Array.from({ length: count }, (_, index) => ({
    first: BigInt(index) * step,
    last: index === count - 1 ? wholeRange.last : BigInt(index + 1) * step - 1n,
  }));
}
