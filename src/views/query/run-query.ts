import type { DecodedRecord } from '../view.ts';

/** What of a stream a query needs at most. All records of it may be answered, more may be as well. */
export type ScanBounds = {
  /** In milliseconds since 1970: from the first, before the second. */
  readonly from: number | undefined;
  readonly end: number | undefined;
  /** Their ids; undefined for all. */
  readonly shards: readonly string[] | undefined;
  /** No more records than this many are looked at; undefined where that is not known. */
  readonly limit: number | undefined;
};

/** Pages of records, as they come; it is ended by its `return` when no more are wanted. */
export type Scan = (bounds: ScanBounds, signal: AbortSignal) => AsyncIterable<Iterable<DecodedRecord>>;

export type QueryAnswer = {
  readonly columns: readonly string[];
  /** A value for each column: a text, a number, a boolean, null, or a value of JSON. */
  readonly rows: AsyncIterable<readonly unknown[]>;
};

/**
 * Asks records by SQL: the table is `records`. Rows come as they are found. `ViewError`, with the position,
 * where it is no query; rows fail with it where memory would not do, and with the signal's reason.
 */
export declare function runQuery(sql: string, scan: Scan, signal: AbortSignal): QueryAnswer;
