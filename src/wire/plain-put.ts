import { type HashKeys, hashKeyWords, parseHashKey } from '../kinesis/hash-key.ts';
import { limits } from '../kinesis/limits.ts';
import { writeMd5 } from '../kinesis/md5.ts';
import type { NewRecords } from '../kinesis/record.ts';
import { decodedLength } from './base64.ts';
import { NextByte } from './next-byte.ts';
import { fieldCount, PlainRecords, padsBefore } from './plain-records.ts';

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

  /** Passes over white space, as much as anybody writes, and answers where it ends. */
  #space(): number {
    const body = this.#body;
    const last = Math.min(this.#at + spaceMax, body.length);
    let at = this.#at;
    while (at < last) {
      const byte = body[at]!;
      if (byte > 0x20 || (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)) break;
      at++;
    }
    this.#at = at;
    return at;
  }
}

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

/** What is indented further is not plain: a body of white space is given up at once. */
const spaceMax = 256;

const none = -1;

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const dash = 0x2d;
const underscore = 0x5f;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
