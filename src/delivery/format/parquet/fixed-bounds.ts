import type { Bounds } from './page-values.ts';

export type FixedType = 'INT32' | 'INT64' | 'FLOAT' | 'DOUBLE';

/** The bounds of values, as they lie in Parquet; undefined for none. What is no number is in no bounds. */
export function fixedBounds(type: FixedType, words: Int32Array): Bounds | undefined {
  switch (type) {
    case 'INT32':
      return numberBounds(words);
    case 'FLOAT':
      return signedZeros(numberBounds(new Float32Array(words.buffer, words.byteOffset, words.length)));
    case 'DOUBLE':
      return signedZeros(numberBounds(new Float64Array(words.buffer, words.byteOffset, words.length / 2)));
    case 'INT64':
      return longBounds(words);
  }
}

function numberBounds(values: Int32Array | Float32Array | Float64Array): Bounds | undefined {
  let lower = Number.POSITIVE_INFINITY;
  let upper = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index]!;
    if (value < lower) lower = value;
    if (value > upper) upper = value;
  }
  return lower <= upper ? { lower, upper } : undefined;
}

/** A zero may be either, so a bound that is one is the outer one (parquet.thrift, `ColumnOrder`). */
function signedZeros(bounds: Bounds | undefined): Bounds | undefined {
  if (bounds === undefined) return undefined;
  return { lower: bounds.lower === 0 ? -0 : bounds.lower, upper: bounds.upper === 0 ? 0 : bounds.upper };
}

function longBounds(words: Int32Array): Bounds | undefined {
  if (words.length === 0) return undefined;
  let lower = 0;
  let upper = 0;
  for (let index = 2; index < words.length; index += 2) {
    if (isBefore(words, index, lower)) lower = index;
    if (isBefore(words, upper, index)) upper = index;
  }
  return { lower: longAt(words, lower), upper: longAt(words, upper) };
}

function isBefore(words: Int32Array, left: number, right: number): boolean {
  const high = words[left + 1]! - words[right + 1]!;
  return high < 0 || (high === 0 && words[left]! >>> 0 < words[right]! >>> 0);
}

function longAt(words: Int32Array, index: number): bigint {
  return (BigInt(words[index + 1]!) << 32n) | BigInt(words[index]! >>> 0);
}
