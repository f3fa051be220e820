import { hash } from 'node:crypto';
import type { DeliveredRecord, RecordOrigin } from './delivered-record.ts';

/**
 * Takes apart what the Kinesis Producer Library puts together (awslabs/amazon-kinesis-producer, "KPL
 * Aggregated Record Format"): four bytes of magic, a message of Protocol Buffers, and the MD5 of the message.
 * What is not exactly that is a record as any other. Answered one after the other: an aggregate of 10 MiB may
 * hold more than a million, which nobody should hold at once.
 */
export function* unpackAggregates(records: Iterable<DeliveredRecord>): Iterable<DeliveredRecord> {
  for (const record of records) {
    const held = heldIn(record.data);
    if (held === undefined) {
      yield record;
      continue;
    }
    let sub = 0;
    for (const { partitionKey, data } of held)
      yield { ...record, data, from: originIn(record.from, sub++, partitionKey) };
  }
}

/** Of few records the sequence number is asked for: it is rendered then. */
function originIn(from: RecordOrigin, sub: number, partitionKey: string): RecordOrigin {
  const { shard, offset } = from;
  return {
    ...{ shard, offset, sub, partitionKey },
    get sequenceNumber() {
      return from.sequenceNumber;
    },
  };
}

export type HeldRecord = {
  readonly partitionKey: string;
  readonly explicitHashKey: string | undefined;
  readonly data: Buffer;
};

/** The records of an aggregate in their order; undefined for a record that is none. */
export function heldIn(data: Buffer): Iterable<HeldRecord> | undefined {
  if (!isAggregate(data)) return undefined;
  const message = data.subarray(magic.length, data.length - digestBytes);
  const digest = hash('md5', message, 'buffer');
  if (!digest.equals(data.subarray(data.length - digestBytes))) return undefined;
  try {
    return aggregateOf(message);
  } catch (error) {
    if (error instanceof MessageError) return undefined;
    throw error;
  }
}

/** Whether it begins as one. */
export function isAggregate(data: Buffer): boolean {
  return data.length > magic.length + digestBytes && data.readUInt32BE(0) === magicWord;
}

const magicWord = 0xf3_89_9a_c2;
const magic = Buffer.from([0xf3, 0x89, 0x9a, 0xc2]);
const digestBytes = 16;

/** Fields: 1 the partition keys, 2 explicit hash keys, 3 records. Sound once it has returned. */
function aggregateOf(message: Buffer): Iterable<HeldRecord> {
  const keys: string[] = [];
  const hashKeys: string[] = [];
  let last = -1;
  for (const { field, bytes } of fieldsOf(message)) {
    if (field === 1 && bytes !== undefined) keys.push(bytes.toString());
    if (field === 2 && bytes !== undefined) hashKeys.push(bytes.toString());
    if (field === 3 && bytes !== undefined) last = Math.max(last, recordOf(bytes).keyIndex);
  }
  if (last >= keys.length) throw new MessageError();
  return recordsIn(message, keys, hashKeys);
}

function* recordsIn(
  message: Buffer,
  keys: readonly string[],
  hashKeys: readonly string[],
): Iterable<HeldRecord> {
  for (const { field, bytes } of fieldsOf(message)) {
    if (field !== 3 || bytes === undefined) continue;
    const { keyIndex, hashKeyIndex, data } = recordOf(bytes);
    const explicitHashKey = hashKeyIndex === undefined ? undefined : hashKeys[hashKeyIndex];
    yield { partitionKey: keys[keyIndex]!, explicitHashKey, data };
  }
}

/** Fields: 1 the index of the partition key, 2 that of the hash key, 3 the data, 4 tags. */
function recordOf(message: Buffer): { keyIndex: number; hashKeyIndex: number | undefined; data: Buffer } {
  let keyIndex: number | undefined;
  let hashKeyIndex: number | undefined;
  let data: Buffer | undefined;
  for (const { field, bytes, number } of fieldsOf(message)) {
    if (field === 1) keyIndex = number;
    if (field === 2) hashKeyIndex = number;
    if (field === 3) data = bytes;
  }
  if (keyIndex === undefined || data === undefined) throw new MessageError();
  return { keyIndex, hashKeyIndex, data };
}

type MessageField = { readonly field: number; readonly bytes?: Buffer; readonly number?: number };

/** The fields of a message (protobuf.dev, "Encoding"). `MessageError` where it is none. */
function* fieldsOf(message: Buffer): Generator<MessageField> {
  let at = 0;
  function varint(): number {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = message[at++];
      if (byte === undefined) throw new MessageError();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new MessageError();
  }
  function take(length: number): Buffer {
    if (length > message.length - at) throw new MessageError();
    at += length;
    return message.subarray(at - length, at);
  }
  while (at < message.length) {
    const tag = varint();
    const field = Math.floor(tag / 8);
    switch (tag % 8) {
      case 0:
        yield { field, number: varint() };
        break;
      case 1:
        take(8);
        break;
      case 2:
        yield { field, bytes: take(varint()) };
        break;
      case 5:
        take(4);
        break;
      default:
        throw new MessageError();
    }
  }
}

/** Bytes are not the message that they should be. */
class MessageError extends Error {
  override readonly name = 'MessageError';
}
