import type { DeliveredRecord, RefusedRecord } from '../record/delivered-record.ts';

/**
 * An object that is being filled, in memory, in the form that its destination asks for. What goes in is
 * compressed or encoded as it comes, as far as the form allows it: `heldBytes` is what it takes.
 */
export interface ObjectWriter {
  /** Adds records. Those that do not fit the form are answered, and are not in it. */
  add(records: readonly DeliveredRecord[]): Promise<readonly RefusedRecord[]>;
  /** What its records had, in bytes, before they were compressed. */
  readonly rawBytes: number;
  readonly records: number;
  /** Bytes of memory, roughly and never far too few. */
  readonly heldBytes: number;
  /** The bytes of the object, in pieces. Nothing is added any more. */
  finish(): Promise<FinishedObject>;
}

export type FinishedObject = {
  readonly bytes: readonly Buffer[];
  readonly contentType: string;
  readonly contentEncoding?: string | undefined;
  /** `.gz`, `.parquet`, …; empty for none. */
  readonly extension: string;
};
