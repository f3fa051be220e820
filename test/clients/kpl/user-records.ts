import { createHash } from 'node:crypto';

/** A user's record, as the KPL was given it. */
export type UserRecord = { readonly partitionKey: string; readonly data: Buffer };

const magic = Buffer.from('f3899ac2', 'hex');
const digestBytes = 16; // MD5

/**
 * The user records in the data of a Kinesis record: those that the KPL has aggregated, or else the one that
 * it is. The format is of the KPL's page aggregation-format.md: magic number, protobuf, MD5 of the protobuf.
 */
export function userRecordsIn(partitionKey: string, data: Buffer): UserRecord[] {
  const body = data.subarray(magic.length, -digestBytes);
  const isAggregate =
    data.length > magic.length + digestBytes &&
    data.subarray(0, magic.length).equals(magic) &&
    createHash('md5').update(body).digest().equals(data.subarray(-digestBytes));
  if (!isAggregate) return [{ partitionKey, data }];
  const fields = fieldsIn(body);
  const keys = fields.flatMap(({ number, value }) => (number === 1 ? [bytesOf(value).toString()] : []));
  return fields
    .filter(({ number }) => number === 3)
    .map(({ value }) => {
      const record = fieldsIn(bytesOf(value));
      const keyIndex = record.find(({ number }) => number === 1)!.value;
      return {
        partitionKey: keys[Number(keyIndex)]!,
        data: bytesOf(record.find(({ number }) => number === 3)!.value),
      };
    });
}

/** A field of protobuf: a number, or bytes. */
type Field = { readonly number: number; readonly value: bigint | Buffer };

function fieldsIn(bytes: Buffer): Field[] {
  const fields: Field[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = varintAt(bytes, at);
    const first = varintAt(bytes, tag.end);
    const isBytes = (tag.value & 7n) === 2n;
    at = isBytes ? first.end + Number(first.value) : first.end;
    const value = isBytes ? bytes.subarray(first.end, at) : first.value;
    fields.push({ number: Number(tag.value >> 3n), value });
  }
  return fields;
}

function varintAt(bytes: Buffer, start: number): { readonly value: bigint; readonly end: number } {
  let value = 0n;
  for (let at = start; ; at++) {
    value |= BigInt(bytes[at]! & 0x7f) << BigInt(7 * (at - start));
    if (bytes[at]! < 0x80) return { value, end: at + 1 };
  }
}

function bytesOf(value: bigint | Buffer): Buffer {
  if (typeof value === 'bigint') throw new Error('a number where bytes are expected');
  return value;
}
