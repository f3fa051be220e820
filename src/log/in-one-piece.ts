import type { LoggedBatch } from './log.ts';

/** Copies of batches, one after the other. */
export function inOnePiece(batches: readonly LoggedBatch[]): LoggedBatch[] {
  let end = 0;
  const memory = Buffer.allocUnsafe(batches.reduce((sum, { bytes }) => sum + bytes.length, 0));
  return batches.map((batch) => {
    const begin = end;
    end += batch.bytes.length;
    memory.set(batch.bytes, begin);
    return { ...batch, bytes: memory.subarray(begin, end) };
  });
}
