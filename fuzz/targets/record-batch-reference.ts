import { isUtf8 } from 'node:buffer';
import { headBytes } from '../../src/log/kafka/record-batch.ts';

/** A record of Kafka: its place in the batch, and what it says. */
export type SeenRecord = {
  readonly delta: number;
  readonly key: Buffer | undefined;
  readonly value: Buffer | undefined;
  readonly headers: readonly (readonly [name: string, value: Buffer | undefined])[];
};

/**
 * The records of a record batch that is not compressed, read by the letter of Kafka's "Record" (message
 * format 2). Undefined when it is not `count` records and nothing else. Written to be obviously right, and
 * slow.
 */
export function recordsIn(batch: Buffer, count: number): SeenRecord[] | undefined {
  const bytes = { all: batch, at: headBytes };
  try {
    const records = Array.from({ length: count }, () => record(bytes));
    return bytes.at === batch.length ? records : undefined;
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

/** What users have as their partition key: of 1 to 256 characters. */
export function partitionKeyOf({ key }: SeenRecord): string | undefined {
  if (key === undefined || !isUtf8(key)) return undefined;
  const text = key.toString();
  return text.length >= 1 && text.length <= 256 ? text : undefined;
}

class Malformed extends Error {}

type Bytes = { readonly all: Buffer; at: number };

function record(bytes: Bytes): SeenRecord {
  const length = varint(bytes, 5);
  const end = bytes.at + length;
  take(bytes, 1);
  varint(bytes, 10);
  const delta = varint(bytes, 5);
  const [key, value] = [piece(bytes), piece(bytes)];
  const count = varint(bytes, 5);
  if (count < 0) throw new Malformed();
  const headers: [string, Buffer | undefined][] = [];
  for (let left = count; left > 0; left--) headers.push([named(bytes), piece(bytes)]);
  if (bytes.at !== end) throw new Malformed();
  return { delta, key, value, headers };
}

function named(bytes: Bytes): string {
  const name = piece(bytes);
  if (name === undefined) throw new Malformed();
  return name.toString('latin1');
}

function piece(bytes: Bytes): Buffer | undefined {
  const length = varint(bytes, 5);
  if (length < -1) throw new Malformed();
  return length === -1 ? undefined : take(bytes, length);
}

function take(bytes: Bytes, length: number): Buffer {
  if (bytes.at + length > bytes.all.length) throw new Malformed();
  bytes.at += length;
  return bytes.all.subarray(bytes.at - length, bytes.at);
}

/** Seven bits a byte, the lowest first, in zigzag (Protocol Buffers, "Encoding"). */
function varint(bytes: Bytes, bytesMax: number): number {
  let bits = 0n;
  for (let index = 0; index < bytesMax; index++) {
    const byte = take(bytes, 1)[0]!;
    bits |= BigInt(byte & 0x7f) << BigInt(7 * index);
    if (byte < 0x80) {
      const size = bytesMax === 5 ? 32 : 64;
      const unsigned = BigInt.asUintN(size, bits);
      return Number((unsigned >> 1n) ^ -(unsigned & 1n));
    }
  }
  throw new Malformed();
}
