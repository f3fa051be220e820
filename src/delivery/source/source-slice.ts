import type { Millis } from '../../env/clock.ts';
import type { Offset } from '../../kinesis/record.ts';
import type { Numbering } from '../../kinesis/sequence-number.ts';
import type { LoggedBatch } from '../../log/log.ts';

/** Records of one shard that were read together: those of the batches that are in `from..to`. */
export type SourceSlice = {
  readonly shard: Numbering;
  readonly from: Offset;
  readonly to: Offset;
  /** In memory that is the reader's alone. */
  readonly batches: readonly SourceBatch[];
  /** Records that are in it, and their bytes as they lie in batches. */
  readonly records: number;
  readonly bytes: number;
  /** When the first of them arrived. */
  readonly oldest: Millis;
  /** Records before it that were there once and are no longer, at most. */
  readonly lost: number;
};

export type SourceBatch = Pick<LoggedBatch, 'first' | 'arrival' | 'count' | 'bytes' | 'sequenceNumbers'>;
