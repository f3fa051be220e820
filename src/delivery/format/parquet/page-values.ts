/**
 * The values of a column chunk: those of the page that is being filled, and the dictionary that all its pages
 * share as long as that pays. Nulls are not among them.
 */
export interface PageValues {
  /** In the page. */
  readonly count: number;
  /** What the page's values take when they are written one after the other. */
  readonly plainBytes: number;
  /** Whether the page should end: its dictionary is as large as one may be. */
  readonly isFull: boolean;
  /** Bytes of memory. */
  readonly heldBytes: number;
  /** What is added from here on can be taken back. */
  mark(): void;
  rollback(): void;
  /** Ends the page: its values as Parquet encodes them. The next one begins. */
  takePage(): EncodedValues;
  /** Ends the chunk: its dictionary page, if there is one, and its bounds. The next one begins. */
  takeChunk(): ChunkValues;
}

export type EncodedValues = {
  readonly bytes: Uint8Array;
  readonly encoding: 'PLAIN' | 'RLE_DICTIONARY';
};

export type ChunkValues = {
  readonly dictionary: { readonly bytes: Uint8Array; readonly count: number } | undefined;
  readonly bounds: Bounds | undefined;
};

/**
 * The least and the greatest value, as they lie in Parquet: integers of 64 bits as bigints, all else as
 * itself.
 */
export type Bounds = { readonly lower: Bound; readonly upper: Bound };
export type Bound = number | bigint | boolean | Buffer;

export function wider(
  bounds: Bounds | undefined,
  other: Bounds | undefined,
  compare: Compare,
): Bounds | undefined {
  if (bounds === undefined || other === undefined) return bounds ?? other;
  return {
    lower: compare(other.lower, bounds.lower) < 0 ? other.lower : bounds.lower,
    upper: compare(other.upper, bounds.upper) > 0 ? other.upper : bounds.upper,
  };
}

export type Compare = (left: Bound, right: Bound) => number;

export function compareNatural(left: Bound, right: Bound): number {
  if (Buffer.isBuffer(left) && Buffer.isBuffer(right)) return Buffer.compare(left, right);
  return left < right ? -1 : left > right ? 1 : 0;
}
