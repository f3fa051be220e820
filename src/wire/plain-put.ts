import { type HashKeys, hashKeyWords, parseHashKey } from '../kinesis/hash-key.ts';
import { limits } from '../kinesis/limits.ts';
import { writeMd5 } from '../kinesis/md5.ts';
import { type NewRecords, recordHeaderBytes, writeRecordHeader } from '../kinesis/record.ts';
import { decodedLength, hasLooseBits } from './base64.ts';
import { NextByte } from './next-byte.ts';

/** A PutRecord or PutRecords in JSON that has nothing unusual about it. Members are named as AWS names them. */
export type PlainPut = {
  readonly StreamName: string | undefined;
  readonly StreamARN: string | undefined;
  readonly SequenceNumberForOrdering: string | undefined;
  readonly records: NewRecords;
};

/**
 * Reads the body of a PutRecords straight into numbers, if it is plain: known members, each once, whose values are
 * ASCII without escapes, within the limits of the model, and what looks like base64. Undefined for everything else,
 * for which a general reader knows the answer, so that being strict costs nothing.
 */
export function scanPutRecords(body: Buffer): PlainPut | undefined {
  const scanner = new Scanner(body);
  return scanner.putRecords() ? scanner.found() : undefined;
}

/** The same for PutRecord. */
export function scanPutRecord(body: Buffer): PlainPut | undefined {
  const scanner = new Scanner(body);
  return scanner.putRecord() ? scanner.found() : undefined;
}

/** Walks over a body once. Every method answers false, or −1, where the body is not plain: then it is not looked at any more. */
class Scanner {
  readonly #body: Buffer;
  /** What Node's decoder takes for base64 and we do not: the URL's alphabet. */
  readonly #dash: NextByte;
  readonly #underscore: NextByte;
  #at = 0;
  #count = 0;
  #streamName: string | undefined;
  #streamArn: string | undefined;
  #ordering: string | undefined;
  // Where the members of the record under way begin, behind their quotes, and end; 0 while they have not come.
  #keyStart = 0;
  #keyEnd = 0;
  #dataStart = 0;
  #dataEnd = 0;
  #explicitStart = 0;
  #explicitEnd = 0;
  #dataLength = 0;

  constructor(body: Buffer) {
    this.#body = body;
    this.#dash = new NextByte(body, dash);
    this.#underscore = new NextByte(body, underscore);
  }

  putRecords(): boolean {
    return this.#take(openBrace) && this.#requestMembers() && this.#count > 0 && this.#isEnd();
  }

  putRecord(): boolean {
    return this.#take(openBrace) && this.#recordMembers(true) && this.#endRecord() && this.#isEnd();
  }

  found(): PlainPut {
    const records = new PlainRecords(
      this.#body,
      fields.slice(0, this.#count * fieldCount),
      hashKeys.slice(0, this.#count * hashKeyWords),
    );
    return {
      StreamName: this.#streamName,
      StreamARN: this.#streamArn,
      SequenceNumberForOrdering: this.#ordering,
      records,
    };
  }

  #requestMembers(): boolean {
    do {
      const isRead = this.#name(names.Records) ? this.#count === 0 && this.#list() : this.#target();
      if (!isRead) return false;
    } while (this.#take(comma));
    return this.#take(closeBrace);
  }

  #list(): boolean {
    if (!this.#take(openBracket)) return false;
    do {
      const isRead =
        this.#count < limits.putRecordsMax &&
        this.#take(openBrace) &&
        this.#recordMembers(false) &&
        this.#endRecord();
      if (!isRead) return false;
    } while (this.#take(comma));
    return this.#take(closeBracket);
  }

  /** `alone`: the record is the request, which also says where it goes. */
  #recordMembers(alone: boolean): boolean {
    do {
      let isRead: boolean;
      if (this.#name(names.PartitionKey)) isRead = this.#partitionKey();
      else if (this.#name(names.Data)) isRead = this.#data();
      else if (this.#name(names.ExplicitHashKey)) isRead = this.#explicitHashKey();
      else isRead = alone && (this.#name(names.SequenceNumberForOrdering) ? this.#order() : this.#target());
      if (!isRead) return false;
    } while (this.#take(comma));
    return this.#take(closeBrace);
  }

  #target(): boolean {
    if (this.#name(names.StreamName)) {
      if (this.#streamName !== undefined) return false;
      this.#streamName = this.#plain(streamNameMax);
      return this.#streamName !== undefined;
    }
    if (!this.#name(names.StreamARN) || this.#streamArn !== undefined) return false;
    this.#streamArn = this.#plain(streamArnMax);
    return this.#streamArn !== undefined;
  }

  #order(): boolean {
    if (this.#ordering !== undefined) return false;
    this.#ordering = this.#plain(sequenceNumberMax);
    return this.#ordering !== undefined;
  }

  #partitionKey(): boolean {
    if (this.#keyStart !== 0 || !this.#take(quote)) return false;
    this.#keyStart = this.#at;
    this.#keyEnd = this.#plainEnd(partitionKeyMax);
    this.#at = this.#keyEnd + 1;
    return this.#keyEnd !== none;
  }

  #explicitHashKey(): boolean {
    if (this.#explicitStart !== 0 || !this.#take(quote)) return false;
    this.#explicitStart = this.#at;
    this.#explicitEnd = this.#plainEnd(hashKeyMax);
    this.#at = this.#explicitEnd + 1;
    return this.#explicitEnd !== none;
  }

  /** Whatever else is no base64 shows when it is decoded. */
  #data(): boolean {
    if (this.#dataStart !== 0 || !this.#take(quote)) return false;
    const start = this.#at;
    const stop = this.#quoteAfter(start);
    if (stop === none || (stop - start) % 4 !== 0) return false;
    if (this.#dash.isIn(start, stop) || this.#underscore.isIn(start, stop)) return false;
    this.#dataStart = start;
    this.#dataEnd = stop;
    this.#at = stop + 1;
    return true;
  }

  /**
   * Records are mostly of one length: where the last one ended, a quote is taken for the end without a search. Another
   * quote before it shows when the data are decoded.
   */
  #quoteAfter(start: number): number {
    const guess = start + this.#dataLength;
    const stop = this.#body[guess] === quote ? guess : this.#body.indexOf(quote, start);
    this.#dataLength = stop - start;
    return stop;
  }

  #endRecord(): boolean {
    if (this.#keyStart === 0 || this.#dataStart === 0) return false;
    const at = this.#count * fieldCount;
    const length = this.#dataEnd - this.#dataStart;
    fields[at] = this.#keyStart;
    fields[at + 1] = this.#keyEnd - this.#keyStart;
    fields[at + 2] = this.#dataStart;
    fields[at + 3] = length;
    fields[at + 4] = decodedLength(length, padsBefore(this.#body, this.#dataStart, this.#dataEnd));
    if (!this.#hashKey(this.#count * hashKeyWords)) return false;
    this.#count++;
    this.#keyStart = 0;
    this.#dataStart = 0;
    this.#explicitStart = 0;
    return true;
  }

  #hashKey(at: number): boolean {
    if (this.#explicitStart !== 0) {
      return parseHashKey(this.#body, this.#explicitStart, this.#explicitEnd, hashKeys, at);
    }
    writeMd5(this.#body, this.#keyStart, this.#keyEnd, hashKeys, at);
    return true;
  }

  /** A plain string of 1 to `max` characters. */
  #plain(max: number): string | undefined {
    if (!this.#take(quote)) return undefined;
    const start = this.#at;
    const end = this.#plainEnd(max);
    this.#at = end + 1;
    return end === none ? undefined : this.#body.toString('latin1', start, end);
  }

  /** The place of the quote after 1 to `max` characters of ASCII that stand for themselves. */
  #plainEnd(max: number): number {
    const body = this.#body;
    const start = this.#at;
    const last = Math.min(start + max, body.length - 1);
    for (let at = start; at <= last; at++) {
      const byte = body[at]!;
      if (byte === quote) return at === start ? none : at;
      if (byte < 0x20 || byte > 0x7e || byte === backslash) return none;
    }
    return none;
  }

  /** Whether a member has this name, given with its quotes; then its value comes next. */
  #name(name: Buffer): boolean {
    const body = this.#body;
    const start = this.#space();
    const end = start + name.length;
    if (end > body.length) return false;
    for (let at = start; at < end; at++) {
      if (body[at] !== name[at - start]) return false;
    }
    this.#at = end;
    return this.#take(colon);
  }

  #take(byte: number): boolean {
    const at = this.#space();
    if (at === this.#body.length || this.#body[at] !== byte) return false;
    this.#at = at + 1;
    return true;
  }

  #isEnd(): boolean {
    return this.#space() === this.#body.length;
  }

  /** Passes over white space, and answers where it ends. */
  #space(): number {
    const body = this.#body;
    let at = this.#at;
    while (at < body.length) {
      const byte = body[at]!;
      if (byte > 0x20 || (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)) break;
      at++;
    }
    this.#at = at;
    return at;
  }
}

/** Records as places in a body. */
class PlainRecords implements NewRecords {
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
    const data = this.#textOf(dataStart, dataStart + length);
    // Node skips characters that are no base64 and stops at the first `=`: either way it writes too few bytes.
    if (bytes.write(data, key + keyBytes, dataBytes, 'base64') !== dataBytes) return false;
    const pads = padsBefore(body, dataStart, dataStart + length);
    return !hasLooseBits(body[dataStart + length - 1 - pads]!, pads);
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

function padsBefore(body: Buffer, start: number, end: number): number {
  if (end === start || body[end - 1] !== equals) return 0;
  return body[end - 2] === equals ? 2 : 1;
}

/** Of each record: where its key begins, the key's length, where its base64 begins, its length, and that of the data. */
const fieldCount = 5;

// The records of one body, filled anew by every scan: nothing is kept from one to the next.
const fields = new Int32Array(limits.putRecordsMax * fieldCount);
const hashKeys: HashKeys = new Uint32Array(limits.putRecordsMax * hashKeyWords);

const names = {
  Records: Buffer.from('"Records"'),
  StreamName: Buffer.from('"StreamName"'),
  StreamARN: Buffer.from('"StreamARN"'),
  Data: Buffer.from('"Data"'),
  PartitionKey: Buffer.from('"PartitionKey"'),
  ExplicitHashKey: Buffer.from('"ExplicitHashKey"'),
  SequenceNumberForOrdering: Buffer.from('"SequenceNumberForOrdering"'),
};

// The model's lengths (Kinesis API reference); of hash keys and sequence numbers, those of their patterns.
const streamNameMax = 128;
const streamArnMax = 2048;
const partitionKeyMax = 256;
const hashKeyMax = 39;
const sequenceNumberMax = 129;

const none = -1;

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const dash = 0x2d;
const underscore = 0x5f;
const equals = 0x3d;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
