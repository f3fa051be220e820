import { isUtf8 } from 'node:buffer';
import type { Millis } from '../../env/clock.ts';
import { recordHeaderBytes, writeRecordHeader } from '../../kinesis/record.ts';
import type { LoggedBatch } from '../log.ts';
import type { KafkaOffset } from './client.ts';
import { headerNames, type Own, type OwnHeaders, ownOf } from './own-headers.ts';
import { copyBytes } from './record-batch.ts';
import { VarintReader } from './varint.ts';

export type RecordsHead = {
  readonly first: KafkaOffset;
  readonly count: number;
  readonly arrival: Millis;
};

/** Not what was written, or written by who knows more. */
export type RecordsTrouble = 'damaged' | 'newer';

/**
 * The records of a record batch, made batches of ours. What other producers wrote is read like this:
 *
 * - The key is the partition key if it can be one: UTF-8, of 1 to 256 characters (UTF-16 units, as AWS counts
 *   them). Else the record has none, like one whose shard the service chose. No record is left out.
 * - The value is the data; null is none.
 * - Headers and times are not looked at, but for headers of ours.
 */
export class RecordsReader {
  readonly #bytes: Buffer;
  readonly #varints: VarintReader;
  readonly #head: RecordsHead;
  /** Batches of plain records, one after the other, and where the one begins that is not complete. */
  readonly #plain: Buffer;
  #plainStart = 0;
  #plainEnd = 0;
  #plainFirst = 0;
  /** The value of the record that was read last, and what its headers of ours say. */
  #value: Buffer | undefined;
  #own: OwnHeaders | undefined;

  /** `bytes` is the records alone. There must be room in it for as many as the head says. */
  constructor(bytes: Buffer, head: RecordsHead) {
    this.#bytes = bytes;
    this.#varints = new VarintReader(bytes, 0);
    this.#head = head;
    // Besides key and data a record takes 8 bytes here, and at least 7 there.
    this.#plain = Buffer.allocUnsafeSlow(bytes.length + head.count);
  }

  /** Adds batches to those that are there. */
  read(batches: LoggedBatch[]): RecordsTrouble | undefined {
    const { count } = this.#head;
    for (let index = 0; index < count; index++) {
      if (!this.#readRecord(index)) return 'damaged';
      if (this.#own === undefined) continue;
      const own = ownOf(this.#own);
      if (own === undefined) return 'newer';
      this.#endPlain(batches, index);
      const last = index + ('mark' in own ? 1 : own.count) - 1;
      if (!('mark' in own) && !this.#readBox(batches, own, index)) return 'damaged';
      index = last;
      this.#plainFirst = last + 1;
    }
    this.#endPlain(batches, count);
    return this.#varints.at === this.#bytes.length ? undefined : 'damaged';
  }

  /** The hot loop: false when it is not a record with that place in its batch. */
  #readRecord(index: number): boolean {
    const varints = this.#varints;
    const length = varints.next();
    const start = varints.at;
    // Attributes, of which there are none yet.
    varints.at += 1;
    varints.skip();
    const delta = varints.next();
    const keyBytes = varints.next();
    const key = varints.at;
    if (keyBytes > 0) varints.at += keyBytes;
    const dataBytes = varints.next();
    const data = varints.at;
    if (dataBytes > 0) varints.at += dataBytes;
    const headers = varints.next();
    this.#own = undefined;
    if (headers > 0) this.#readHeaders(headers);
    const isRecord =
      delta === index && keyBytes >= -1 && dataBytes >= -1 && headers >= 0 && varints.at === start + length;
    if (!isRecord || varints.at > this.#bytes.length) return false;
    if (this.#own !== undefined)
      this.#value = dataBytes < 0 ? undefined : this.#bytes.subarray(data, data + dataBytes);
    else this.#addPlain(key, keyBytes, data, Math.max(0, dataBytes));
    return true;
  }

  #addPlain(key: number, keyBytes: number, data: number, dataBytes: number): void {
    const bytes = this.#bytes;
    const plain = this.#plain;
    let at = this.#plainEnd + recordHeaderBytes;
    if (isPartitionKey(bytes, key, keyBytes)) {
      writeRecordHeader(plain, this.#plainEnd, keyBytes, dataBytes);
      at = copyBytes(bytes, key, key + keyBytes, plain, at);
    } else {
      writeRecordHeader(plain, this.#plainEnd, noKey, dataBytes);
    }
    this.#plainEnd = copyBytes(bytes, data, data + dataBytes, plain, at);
  }

  /** A box, and the empty records that follow for all but one in it. */
  #readBox(batches: LoggedBatch[], { count, key }: Exclude<Own, { mark: string }>, index: number): boolean {
    const bytes = this.#value;
    if (bytes === undefined || index + count > this.#head.count) return false;
    const { first, arrival } = this.#head;
    for (let empty = index + 1; empty < index + count; empty++) {
      if (!this.#readRecord(empty) || this.#plainEnd !== this.#plainStart + recordHeaderBytes) return false;
      this.#plainEnd = this.#plainStart;
    }
    batches.push({ first: first + index, count, arrival, bytes, encryption: { key } });
    return true;
  }

  /** Plain records up to one with headers of ours, or to the end, are a batch. */
  #endPlain(batches: LoggedBatch[], index: number): void {
    const { first, arrival } = this.#head;
    const count = index - this.#plainFirst;
    if (count === 0) return;
    const bytes = this.#plain.subarray(this.#plainStart, this.#plainEnd);
    batches.push({ first: first + this.#plainFirst, count, arrival, bytes });
    this.#plainStart = this.#plainEnd;
  }

  /** Headers of ours are those of a record that has the first of them. */
  #readHeaders(count: number): void {
    const own: OwnHeaders = {};
    for (let index = 0; index < count && this.#varints.at <= this.#bytes.length; index++) {
      const name = this.#piece()?.toString('latin1');
      const value = this.#piece();
      if (name === headerNames.kind) own.kind = value?.toString() ?? '';
      if (name === headerNames.arn) own.arn = value?.toString() ?? '';
      if (name === headerNames.wrapped) own.wrapped = Buffer.from(value ?? []);
    }
    if (own.kind !== undefined) this.#own = own;
  }

  /** Undefined for null, and for what is not there. */
  #piece(): Buffer | undefined {
    const length = this.#varints.next();
    const { at } = this.#varints;
    if (!(length >= 0)) return undefined;
    this.#varints.at += length;
    return this.#bytes.subarray(at, at + length);
  }
}

function isPartitionKey(bytes: Buffer, at: number, length: number): boolean {
  if (length < 1 || length > keyBytesMax) return false;
  let or = 0;
  for (let index = at; index < at + length; index++) or |= bytes[index]!;
  if (or < 0x80) return length <= keyCharactersMax;
  const key = bytes.subarray(at, at + length);
  return isUtf8(key) && key.toString().length <= keyCharactersMax;
}

const keyCharactersMax = 256;
/** No character takes more bytes than three for each of its UTF-16 units. */
const keyBytesMax = 3 * keyCharactersMax;

/** As a record's head has it (`kinesis/record.ts`). */
const noKey = 0xffff;
