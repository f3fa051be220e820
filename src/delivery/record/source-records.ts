import { bufferOf } from '../../env/buffer-of.ts';
import type { Offset } from '../../kinesis/record.ts';
import { dataBytesAt, keyAt, keyBytesAt } from '../../kinesis/record.ts';
import { type Numbering, sequenceNumberOf } from '../../kinesis/sequence-number.ts';
import type { SourceBatch, SourceSlice } from '../source/source-slice.ts';
import type { DeliveredRecord, RecordOrigin } from './delivered-record.ts';

/**
 * The records of a slice, in order. Their data are views into its batches. They are many and small: each
 * costs what it takes to tell it from others, and no more.
 */
export function sourceRecords({ shard, from, to, batches }: SourceSlice): DeliveredRecord[] {
  const records: DeliveredRecord[] = [];
  for (const { first, count, arrival, bytes, sequenceNumbers } of batches) {
    // A buffer that went from one thread to another is a plain array of bytes there.
    const batch: OriginBatch = { shard, first, arrival, bytes: bufferOf(bytes), sequenceNumbers };
    let at = 0;
    for (let offset = first; offset < first + count; offset++) {
      const start = keyAt(at) + (keyBytesAt(batch.bytes, at) ?? 0);
      const end = start + dataBytesAt(batch.bytes, at);
      if (offset >= from && offset < to) {
        const data = batch.bytes.subarray(start, end);
        records.push({ data, arrival, from: new OriginInBatch(batch, offset, at) });
      }
      at = end;
    }
  }
  return records;
}

/** What records have in common that came in one batch. */
type OriginBatch = Pick<SourceBatch, 'first' | 'arrival' | 'sequenceNumbers'> & {
  readonly shard: Numbering;
  readonly bytes: Buffer;
};

/** Keys and sequence numbers are rendered when they are asked for: of few records they are. */
class OriginInBatch implements RecordOrigin {
  readonly #batch: OriginBatch;
  readonly offset: Offset;
  /** Where in the batch the record begins. */
  readonly #at: number;

  constructor(batch: OriginBatch, offset: Offset, at: number) {
    this.#batch = batch;
    this.offset = offset;
    this.#at = at;
  }

  get shard(): number {
    return this.#batch.shard.index;
  }

  get partitionKey(): string | undefined {
    const { bytes } = this.#batch;
    const length = keyBytesAt(bytes, this.#at);
    const start = keyAt(this.#at);
    return length === undefined ? undefined : bytes.toString('utf8', start, start + length);
  }

  get sequenceNumber(): string {
    const { shard, first, arrival, sequenceNumbers } = this.#batch;
    return sequenceNumbers?.[this.offset - first] ?? sequenceNumberOf(shard, this.offset, arrival);
  }
}
