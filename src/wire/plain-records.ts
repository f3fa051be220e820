import type { HashKeys } from '../kinesis/hash-key.ts';
import { type NewRecords, recordHeaderBytes, writeRecordHeader } from '../kinesis/record.ts';
import { decodedLength, hasLooseBits } from './base64.ts';

/** Records as places in a body of JSON: each is the `fieldCount` fields that are listed there. */
export class PlainRecords implements NewRecords {
  readonly count: number;
  readonly hashKeys: HashKeys;
  readonly #body: Buffer;
  readonly #fields: Int32Array;
  /** A part of the body with a character for every byte: base64 is decoded from parts of that. */
  #text = '';
  #textStart = 0;

  constructor(body: Buffer, fields: Int32Array, hashKeys: HashKeys) {
    this.count = fields.length / fieldCount;
    this.hashKeys = hashKeys;
    this.#body = body;
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
    const length = this.#fields[field + 3]!;
    const dataBytes = this.#fields[field + 4]!;
    const body = this.#body;
    writeRecordHeader(bytes, at, keyBytes, dataBytes);
    const key = at + recordHeaderBytes;
    for (let byte = 0; byte < keyBytes; byte++) bytes[key + byte] = body[keyStart + byte]!;
    if (!this.#decode(dataStart, dataStart + length, bytes, key + keyBytes, dataBytes)) return false;
    const pads = padsBefore(body, dataStart, dataStart + length);
    return !hasLooseBits(body[dataStart + length - 1 - pads]!, pads);
  }

  /** Whether base64 stands for so many bytes. By parts: the text of a long one would cost a collection, and Node is slow where something is wrong. */
  #decode(start: number, end: number, bytes: Buffer, at: number, count: number): boolean {
    let done = 0;
    for (let from = start; from < end; from += textBytes) {
      const text = this.#textOf(from, Math.min(from + textBytes, end));
      // Node skips characters that are no base64 and stops at the first `=`: either way it writes too few bytes.
      const expected = Math.min(decodedLength(textBytes, 0), count - done);
      if (bytes.write(text, at + done, expected, 'base64') !== expected) return false;
      done += expected;
    }
    return done === count;
  }

  #textOf(start: number, end: number): string {
    if (start < this.#textStart || end > this.#textStart + this.#text.length) {
      this.#text = this.#body.toString('latin1', start, Math.max(end, start + textBytes));
      this.#textStart = start;
    }
    return this.#text.slice(start - this.#textStart, end - this.#textStart);
  }
}

/** As large as a string can be and still be made where the young ones are, which costs the least. */
const textBytes = 64 * 1024;

/** How many `=` base64 ends with that stands between two places of a body. */
export function padsBefore(body: Buffer, start: number, end: number): number {
  if (end === start || body[end - 1] !== equals) return 0;
  return body[end - 2] === equals ? 2 : 1;
}

/** Of each record: where its key begins, the key's length, where its base64 begins, its length, and that of the data. */
export const fieldCount = 5;

const equals = 0x3d;
