import type { DeliveredRecord } from './delivered-record.ts';

/**
 * Cuts records into pieces that are worked on one after the other, so that what becomes of them is not in
 * memory all at once: of so many bytes, or one record.
 */
export function* recordPieces(
  records: Iterable<DeliveredRecord>,
  bytesMax: number,
): Iterable<readonly DeliveredRecord[]> {
  let piece: DeliveredRecord[] = [];
  let bytes = 0;
  for (const record of records) {
    const isFull = piece.length >= recordsMax || bytes + record.data.length > bytesMax;
    if (piece.length > 0 && isFull) {
      yield piece;
      piece = [];
      bytes = 0;
    }
    piece.push(record);
    bytes += record.data.length;
  }
  if (piece.length > 0) yield piece;
}

/** As many as are read together. */
const recordsMax = 10_000;
