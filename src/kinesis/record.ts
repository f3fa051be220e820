import type { Millis } from '../env/clock.ts';
import type { HashKeys } from './hash-key.ts';

/**
 * A record's position in its shard: 0 for the first, then one more for each. Rendered as a sequence number.
 */
export type Offset = number;

/** A record on its way in, before it has an offset. */
export type NewRecord = {
  /** Absent only where the service chose the shard (record distribution strategy AUTO). */
  readonly partitionKey: string | undefined;
  readonly data: Uint8Array;
};

/** A record as readers see it. */
type StoredRecord = NewRecord & { readonly offset: Offset; readonly arrival: Millis };

/**
 * Records of one shard, back to back in one buffer: the unit of the data path. Each record is
 *
 *   u32 length of the data | u16 length of the key, 0xffff for none | u16 reserved, 0 | key in UTF-8 | data
 *
 * with big-endian numbers. Framed once at the edge, never encoded again on the way to the disk.
 */
export type RecordBatch = { readonly count: number; readonly bytes: Buffer };

/** A batch that has its place: its records have offsets `first`, `first + 1`, … and one arrival time. */
export type StoredBatch = RecordBatch & {
  readonly first: Offset;
  readonly arrival: Millis;
  /** The KMS key under which it is stored encrypted, if it is. */
  readonly keyArn?: string | undefined;
};

/** Records of one request on their way into batches: what has to be known about each, and not yet a batch. */
export interface NewRecords {
  readonly count: number;
  /** The hash key of each, one after the other; undefined where the service chooses the shards. */
  readonly hashKeys: HashKeys | undefined;
  /**
   * What the throughput limits count: the data and the key's UTF-8 bytes (Kinesis developer guide, quotas).
   */
  sizeOf(index: number): number;
  /** A record's partition key, to show it: not for each record. Undefined where it has none. */
  keyOf(index: number): string | undefined;
  /** Writes a record to its place in a batch. False when its data turn out to be unreadable. */
  encode(index: number, bytes: Buffer, at: number): boolean;
}

/** What a record takes in a batch besides its key and data. */
export const recordHeaderBytes = 4 + 2 + 2;
const noKey = 0xffff;

/** Puts records into one batch. A key is at most 256 UTF-16 units, so at most 768 bytes. */
export function encodeBatch(records: readonly NewRecord[]): RecordBatch {
  const length = records.reduce((sum, record) => sum + recordHeaderBytes + sizeOf(record), 0);
  const bytes = Buffer.allocUnsafe(length);
  let at = 0;
  for (const record of records) at = writeRecord(bytes, at, record);
  return { count: records.length, bytes };
}

/** Writes a record as a batch has it; answers where it ends. */
export function writeRecord(bytes: Buffer, at: number, { partitionKey, data }: NewRecord): number {
  const key = at + recordHeaderBytes;
  const keyBytes = partitionKey === undefined ? noKey : bytes.write(partitionKey, key);
  writeRecordHeader(bytes, at, keyBytes, data.length);
  const start = partitionKey === undefined ? key : key + keyBytes;
  bytes.set(data, start);
  return start + data.length;
}

/** Writes what comes before a record's key, which is there. */
export function writeRecordHeader(bytes: Uint8Array, at: number, keyBytes: number, dataBytes: number): void {
  bytes[at] = dataBytes >>> 24;
  bytes[at + 1] = dataBytes >>> 16;
  bytes[at + 2] = dataBytes >>> 8;
  bytes[at + 3] = dataBytes;
  bytes[at + 4] = keyBytes >>> 8;
  bytes[at + 5] = keyBytes;
  bytes[at + 6] = 0;
  bytes[at + 7] = 0;
}

/** The records of a batch, in order. Their data are views into the batch's buffer. */
export function* recordsOf(batch: StoredBatch): Generator<StoredRecord> {
  const { bytes, count, first, arrival } = batch;
  let at = 0;
  for (let index = 0; index < count; index++) {
    const dataBytes = bytes.readUInt32BE(at);
    const keyField = bytes.readUInt16BE(at + 4);
    const keyBytes = keyField === noKey ? 0 : keyField;
    const key = at + recordHeaderBytes;
    const partitionKey = keyField === noKey ? undefined : bytes.toString('utf8', key, key + keyBytes);
    const data = bytes.subarray(key + keyBytes, key + keyBytes + dataBytes);
    yield { offset: first + index, arrival, partitionKey, data };
    at = key + keyBytes + dataBytes;
  }
}

/** The bytes of keys and data of a batch's records. */
export function contentBytes({ bytes, count }: RecordBatch): number {
  return bytes.length - count * recordHeaderBytes;
}

/** The length of the data of the record that begins at `at`. */
export function dataBytesAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}

/** Where the key begins of the record that begins at `at`. */
export function keyAt(at: number): number {
  return at + recordHeaderBytes;
}

/** The length of the key of the record that begins at `at`; undefined when it has none. */
export function keyBytesAt(bytes: Uint8Array, at: number): number | undefined {
  const field = (bytes[at + 4]! << 8) | bytes[at + 5]!;
  return field === noKey ? undefined : field;
}

/** Where the record ends that begins at `at`. */
export function recordEnd(bytes: Uint8Array, at: number): number {
  return keyAt(at) + (keyBytesAt(bytes, at) ?? 0) + dataBytesAt(bytes, at);
}

/** What the throughput limits count: the data and the key's UTF-8 bytes (Kinesis developer guide, quotas). */
export function sizeOf(record: NewRecord): number {
  return (
    record.data.length + (record.partitionKey === undefined ? 0 : Buffer.byteLength(record.partitionKey))
  );
}
