import type { HashKeys } from '../kinesis/hash-key.ts';
import { type NewRecords, recordHeaderBytes, writeRecordHeader } from '../kinesis/record.ts';
import type { FastReader } from './fast-reader.ts';

/** Records as places in a body: each is the `fieldCount` fields that are listed there. */
export class FastRecords implements NewRecords {
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

/**
 * Of each record: where its key begins, the key's length, where its data begin and end as written, and their
 * length.
 */
export const fieldCount = 5;
