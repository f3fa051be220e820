import type { AttributeValue } from './attribute-value.ts';

/**
 * Bytes whose order (`Buffer.compare`) is that of `compare`, for values of one type (S, N or B), and which are
 * equal just for equal ones.
 */
export function keyBytes(value: AttributeValue): Buffer {
  throw new Error(`soon: ${value}`);
}

/** Which of so many segments of a scan a hash key belongs to; from 0, always the same for the same key. */
export function segmentOf(hashKey: AttributeValue, segments: number): number {
  throw new Error(`soon: ${hashKey} ${segments}`);
}
