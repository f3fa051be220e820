import type { Caller } from '../../../access/caller.ts';
import { findStream } from '../../../catalog/state.ts';
import { type HashKeys, hashKeyWords, parseHashKey } from '../../../kinesis/hash-key.ts';
import { limits } from '../../../kinesis/limits.ts';
import { writeMd5 } from '../../../kinesis/md5.ts';
import { type NewRecords, recordHeaderBytes, writeRecordHeader } from '../../../kinesis/record.ts';
import { isServing, type Stream } from '../../../kinesis/stream.ts';
import { RoutedPut } from '../../../stream/routed-put.ts';
import { absent, type FastReader, type Rows, type Scanned, textOf } from '../../../wire/columns.ts';
import type { KinesisWorld } from '../world.ts';
import { findAddress } from './target.ts';

/** A put with a plain body, ready to be stored. */
export type FastPut = { readonly stream: Stream; readonly put: RoutedPut };

/** The rows of a request's records: many, or the one of PutRecord. */
type RecordRows = Rows<'Data' | 'PartitionKey' | 'ExplicitHashKey'>;

/**
 * Routes the records of a plain request to the shards of their stream. Undefined when something has to be
 * refused or the service chooses the shards: the general path does both.
 */
export function routeFast(
  { catalog }: KinesisWorld,
  found: Scanned<'StreamName' | 'StreamARN'>,
  rows: RecordRows,
  caller: Caller,
): FastPut | undefined {
  const target = { StreamName: textOf(found, 'StreamName'), StreamARN: textOf(found, 'StreamARN') };
  const address = findAddress(target, caller);
  const stream = address && findStream(catalog.state, address);
  if (stream === undefined || !isServing(stream) || stream.distribution === 'AUTO') return undefined;
  const records = recordsIn(found.reader, rows, stream);
  const put = records && RoutedPut.of(stream, records);
  return put && { stream, put };
}

/**
 * The records in rows, with their hash keys. Undefined when a record has no key, an explicit hash key out of
 * range or more bytes than its stream allows, or when all together are too large.
 */
export function recordsIn(reader: FastReader, rows: RecordRows, stream: Stream): NewRecords | undefined {
  const { count, spans, width } = rows;
  const keyColumn = rows.columnAt('PartitionKey');
  const dataColumn = rows.columnAt('Data');
  const explicitColumn = rows.columnAt('ExplicitHashKey');
  const sizeMax = stream.recordSizeMaxKiB * 1024;
  const fields = new Int32Array(count * fieldCount);
  const hashKeys = new Uint32Array(count * hashKeyWords);
  let bytes = 0;
  for (let index = 0; index < count; index++) {
    const key = index * width + keyColumn;
    const data = index * width + dataColumn;
    const explicit = index * width + explicitColumn;
    if (spans[key] === absent) return undefined;
    const hasHashKey = takeHashKey(reader.body, spans, key, explicit, hashKeys, index * hashKeyWords);
    const size = spans[key + 2]! + spans[data + 2]!;
    bytes += size;
    if (!hasHashKey || size > sizeMax) return undefined;
    const at = index * fieldCount;
    fields[at] = spans[key]!;
    fields[at + 1] = spans[key + 2]!;
    fields[at + 2] = spans[data]!;
    fields[at + 3] = spans[data + 1]!;
    fields[at + 4] = spans[data + 2]!;
  }
  return bytes > limits.putRecordsBytesMax ? undefined : new RecordsInBody(reader, fields, hashKeys);
}

/** Writes the hash key of a record at `at`; false when the explicit one is out of range. */
function takeHashKey(
  body: Buffer,
  spans: Int32Array,
  key: number,
  explicit: number,
  hashKeys: HashKeys,
  at: number,
): boolean {
  if (spans[explicit] !== absent) {
    return parseHashKey(body, spans[explicit]!, spans[explicit + 1]!, hashKeys, at);
  }
  writeMd5(body, spans[key]!, spans[key + 1]!, hashKeys, at);
  return true;
}

/** Records as places in a body, `fieldCount` fields for each. */
class RecordsInBody implements NewRecords {
  readonly count: number;
  readonly hashKeys: HashKeys;
  readonly #reader: FastReader;
  readonly #fields: Int32Array;

  constructor(reader: FastReader, fields: Int32Array, hashKeys: HashKeys) {
    this.count = fields.length / fieldCount;
    this.hashKeys = hashKeys;
    this.#reader = reader;
    this.#fields = fields;
  }

  sizeOf(index: number): number {
    const at = index * fieldCount;
    return this.#fields[at + 1]! + this.#fields[at + 4]!;
  }

  keyOf(index: number): string {
    const at = index * fieldCount;
    const start = this.#fields[at]!;
    return this.#reader.body.toString('utf8', start, start + this.#fields[at + 1]!);
  }

  encode(index: number, bytes: Buffer, at: number): boolean {
    const field = index * fieldCount;
    const keyStart = this.#fields[field]!;
    const keyBytes = this.#fields[field + 1]!;
    const dataStart = this.#fields[field + 2]!;
    const dataEnd = this.#fields[field + 3]!;
    const dataBytes = this.#fields[field + 4]!;
    const { body } = this.#reader;
    writeRecordHeader(bytes, at, keyBytes, dataBytes);
    const key = at + recordHeaderBytes;
    for (let byte = 0; byte < keyBytes; byte++) bytes[key + byte] = body[keyStart + byte]!;
    return this.#reader.writeData(dataStart, dataEnd, bytes, key + keyBytes, dataBytes);
  }
}

/** Of each record: start and length of its key; start, end and decoded length of its data. */
const fieldCount = 5;
