import type { SourceSlice } from '../../../delivery/source/source-slice.ts';
import type { Offset } from '../../../kinesis/record.ts';

/** Makes events of what a tail has read. */
export interface TailEncoder {
  /**
   * At most `matchedMax` records become events. Rejects with the `ServiceError` to say when none can any
   * more.
   */
  encode(slices: readonly SourceSlice[], matchedMax: number): Promise<EncodedSlices>;
  /**
   * Whether it may reject with `ViewLostError`: then it takes the same records once more, which have to be
   * read again.
   */
  readonly mayLose: boolean;
  /** Nothing is to be encoded any more. */
  close(): void;
}

export type EncodedSlices = {
  /** Events of records, each whole but for the empty line that would end the last one. */
  readonly events: string | Uint8Array;
  /** How many records were looked at, and how many became events. */
  readonly records: number;
  readonly matched: number;
  /** The record after the last one that there was room for: which slice it is in, and its offset. */
  readonly cut?: { readonly slice: number; readonly next: Offset } | undefined;
};
