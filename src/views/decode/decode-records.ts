import type { DecodedRecord, Decoding, ViewedRecord } from '../view.ts';

/** Decodes records of one kind, over and over: a schema is read once. */
export type RecordDecoder = (records: Iterable<ViewedRecord>) => Iterable<DecodedRecord>;

/**
 * Records decoded, one after the other and only as they are asked for: an aggregate of 10 MiB may hold a
 * million. Never fails for what is in a record; that is its `trouble`. `ViewError` where the schema is none.
 */
export declare function decodeRecords(
  records: Iterable<ViewedRecord>,
  decoding: Decoding,
): Iterable<DecodedRecord>;

/** The same in two steps, for whoever has page after page of them. `ViewError` as above. */
export declare function openDecoder(decoding: Decoding): RecordDecoder;
