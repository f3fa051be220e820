import { strict as assert } from 'node:assert';
import type { Millis } from '../../env/clock.ts';
import { dataBytesAt, keyAt, keyBytesAt, type RecordBatch, recordHeaderBytes } from '../../kinesis/record.ts';
import type { NewBatch } from '../log.ts';
import type { Mark } from './client.ts';
import { encodeOwnHeaders, ownHeadersBytesMax } from './own-headers.ts';
import { copyBytes, field, format, headBytes, lengthEnd } from './record-batch.ts';
import { nullLength, varintBytes, writeVarint } from './varint.ts';

/** How many offsets something takes. */
export function recordsIn(appended: NewBatch | Mark): number {
  return 'mark' in appended ? 1 : appended.count;
}

/** At least what something takes in a record batch, besides its head. */
export function bytesIn(appended: NewBatch | Mark): number {
  if ('mark' in appended) return recordBytesMax + ownHeadersBytesMax(appended);
  const { bytes, count, key } = appended;
  if (key !== undefined) return bytes.length + count * recordBytesMax + ownHeadersBytesMax(appended);
  return bytes.length + count * (recordBytesMax - recordHeaderBytes);
}

/**
 * Puts what was appended, in order, into one record batch, in one pass. A plain batch becomes a record for
 * each of its own: key and value are partition key and data. An encrypted one becomes a record whose value is
 * the box, with headers of ours, and as many without key or value that all of its records have offsets. A
 * mark is a header of ours. Nobody has signed it yet.
 */
export function encodeRecordBatch(appended: readonly (NewBatch | Mark)[], time: Millis): Buffer {
  let bytesMax = headBytes;
  for (const one of appended) bytesMax += bytesIn(one);
  const bytes = Buffer.allocUnsafe(bytesMax);
  let at = headBytes;
  let count = 0;
  for (const one of appended) {
    if ('mark' in one) at = writeMark(bytes, at, one, count);
    else if (one.key !== undefined) at = writeBox(bytes, at, one, count);
    else at = writePlain(bytes, at, one, count);
    count += recordsIn(one);
  }
  assert(at <= bytesMax);
  writeHead(bytes, at, count, time);
  return bytes.subarray(0, at);
}

function writeHead(bytes: Buffer, end: number, count: number, time: Millis): void {
  bytes.fill(0, 0, headBytes);
  bytes.writeInt32BE(end - lengthEnd, field.length);
  bytes[field.format] = format;
  bytes.writeInt32BE(count - 1, field.lastDelta);
  const wholeMs = BigInt(Math.floor(time));
  bytes.writeBigInt64BE(wholeMs, field.time);
  bytes.writeBigInt64BE(wholeMs, field.latestTime);
  bytes.writeInt32BE(count, field.count);
}

/** The hot loop: numbers and bytes, no object for a record. */
function writePlain(bytes: Buffer, at: number, batch: RecordBatch, first: number): number {
  const from = batch.bytes;
  let next = 0;
  for (let delta = first; delta < first + batch.count; delta++) {
    const keyBytes = keyBytesAt(from, next);
    const dataBytes = dataBytesAt(from, next);
    const key = keyAt(next);
    const data = key + (keyBytes ?? 0);
    next = data + dataBytes;
    const keyField = keyBytes === undefined ? 1 : varintBytes(keyBytes) + keyBytes;
    const length = 2 + varintBytes(delta) + keyField + varintBytes(dataBytes) + dataBytes + 1;
    at = writeRecordHead(bytes, at, length, delta);
    if (keyBytes === undefined) {
      bytes[at++] = nullLength;
    } else {
      at = writeVarint(bytes, at, keyBytes);
      at = copyBytes(from, key, data, bytes, at);
    }
    at = writeVarint(bytes, at, dataBytes);
    at = copyBytes(from, data, next, bytes, at);
    bytes[at++] = 0;
  }
  assert(next === from.length);
  return at;
}

function writeBox(bytes: Buffer, at: number, batch: NewBatch, first: number): number {
  const value = batch.bytes;
  const headers = encodeOwnHeaders(batch);
  const length = 2 + varintBytes(first) + 1 + varintBytes(value.length) + value.length + headers.length;
  at = writeRecordHead(bytes, at, length, first);
  bytes[at++] = nullLength;
  at = writeVarint(bytes, at, value.length);
  at = copyBytes(value, 0, value.length, bytes, at);
  at = copyBytes(headers, 0, headers.length, bytes, at);
  for (let delta = first + 1; delta < first + batch.count; delta++) {
    at = writeRecordHead(bytes, at, 2 + varintBytes(delta) + 3, delta);
    bytes[at++] = nullLength;
    bytes[at++] = nullLength;
    bytes[at++] = 0;
  }
  return at;
}

function writeMark(bytes: Buffer, at: number, mark: Mark, delta: number): number {
  const headers = encodeOwnHeaders(mark);
  at = writeRecordHead(bytes, at, 2 + varintBytes(delta) + 2 + headers.length, delta);
  bytes[at++] = nullLength;
  bytes[at++] = nullLength;
  return copyBytes(headers, 0, headers.length, bytes, at);
}

/** What comes before a record's key: all of a batch have its time. */
function writeRecordHead(bytes: Uint8Array, at: number, length: number, delta: number): number {
  at = writeVarint(bytes, at, length);
  bytes[at++] = 0;
  bytes[at++] = 0;
  return writeVarint(bytes, at, delta);
}

/** Length, attributes, time, offset, and the lengths of key, value and headers. */
const recordBytesMax = 5 + 1 + 1 + 5 + 2 + 5 + 1;
