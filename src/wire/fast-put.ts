import { type HashKeys, hashKeyWords, parseHashKey } from '../kinesis/hash-key.ts';
import { limits } from '../kinesis/limits.ts';
import { writeMd5 } from '../kinesis/md5.ts';
import type { NewRecords } from '../kinesis/record.ts';
import { type FastReader, member } from './fast-reader.ts';
import { FastRecords, fieldCount } from './fast-records.ts';

/** A PutRecord or PutRecords that has nothing unusual about it. Members are named as AWS names them. */
export type FastPut = {
  readonly StreamName: string | undefined;
  readonly StreamARN: string | undefined;
  readonly SequenceNumberForOrdering: string | undefined;
  readonly records: NewRecords;
};

/**
 * Reads the body of a PutRecords straight into numbers, if it is plain: known members, each once, whose
 * values are plain and within the limits of the model. Undefined for everything else, for which a general
 * reader knows the answer, so that being strict costs nothing.
 */
export function scanPutRecords(reader: FastReader): FastPut | undefined {
  const scanner = new Scanner(reader);
  return scanner.putRecords() ? scanner.found() : undefined;
}

/** The same for PutRecord. */
export function scanPutRecord(reader: FastReader): FastPut | undefined {
  const scanner = new Scanner(reader);
  return scanner.putRecord() ? scanner.found() : undefined;
}

/**
 * Every method answers false, or undefined, where the body is not plain: then it is not looked at any more.
 */
class Scanner {
  readonly #reader: FastReader;
  #count = 0;
  #streamName: string | undefined;
  #streamArn: string | undefined;
  #ordering: string | undefined;
  // Where the members of the record under way begin, behind what opens them, and end; 0 while they have not
  // come.
  #keyStart = 0;
  #keyEnd = 0;
  #dataStart = 0;
  #dataEnd = 0;
  #dataBytes = 0;
  #explicitStart = 0;
  #explicitEnd = 0;

  constructor(reader: FastReader) {
    this.#reader = reader;
  }

  putRecords(): boolean {
    return this.#reader.openMap() && this.#requestMembers() && this.#count > 0 && this.#reader.isEnd();
  }

  putRecord(): boolean {
    return this.#reader.openMap() && this.#recordMembers(true) && this.#endRecord() && this.#reader.isEnd();
  }

  found(): FastPut {
    const records = new FastRecords(
      this.#reader,
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
    const reader = this.#reader;
    do {
      const isRead = reader.name(member.Records) ? this.#count === 0 && this.#list() : this.#target();
      if (!isRead) return false;
    } while (reader.more());
    return reader.closeMap();
  }

  #list(): boolean {
    const reader = this.#reader;
    if (!reader.openList()) return false;
    do {
      const isRead =
        this.#count < limits.putRecordsMax &&
        reader.openMap() &&
        this.#recordMembers(false) &&
        this.#endRecord();
      if (!isRead) return false;
    } while (reader.more());
    return reader.closeList();
  }

  /** `alone`: the record is the request, which also says where it goes. */
  #recordMembers(alone: boolean): boolean {
    const reader = this.#reader;
    do {
      let isRead: boolean;
      if (reader.name(member.PartitionKey)) isRead = this.#partitionKey();
      else if (reader.name(member.Data)) isRead = this.#data();
      else if (reader.name(member.ExplicitHashKey)) isRead = this.#explicitHashKey();
      else isRead = alone && (reader.name(member.SequenceNumberForOrdering) ? this.#order() : this.#target());
      if (!isRead) return false;
    } while (reader.more());
    return reader.closeMap();
  }

  #target(): boolean {
    if (this.#reader.name(member.StreamName)) {
      if (this.#streamName !== undefined) return false;
      this.#streamName = this.#text(streamNameMax);
      return this.#streamName !== undefined;
    }
    if (!this.#reader.name(member.StreamARN) || this.#streamArn !== undefined) return false;
    this.#streamArn = this.#text(streamArnMax);
    return this.#streamArn !== undefined;
  }

  #order(): boolean {
    if (this.#ordering !== undefined) return false;
    this.#ordering = this.#text(sequenceNumberMax);
    return this.#ordering !== undefined;
  }

  #partitionKey(): boolean {
    if (this.#keyStart !== 0 || !this.#reader.text(partitionKeyMax)) return false;
    this.#keyStart = this.#reader.start;
    this.#keyEnd = this.#reader.end;
    return true;
  }

  #explicitHashKey(): boolean {
    if (this.#explicitStart !== 0 || !this.#reader.text(hashKeyMax)) return false;
    this.#explicitStart = this.#reader.start;
    this.#explicitEnd = this.#reader.end;
    return true;
  }

  #data(): boolean {
    if (this.#dataStart !== 0 || !this.#reader.data()) return false;
    this.#dataStart = this.#reader.start;
    this.#dataEnd = this.#reader.end;
    this.#dataBytes = this.#reader.dataBytes;
    return true;
  }

  #endRecord(): boolean {
    if (this.#keyStart === 0 || this.#dataStart === 0) return false;
    const at = this.#count * fieldCount;
    fields[at] = this.#keyStart;
    fields[at + 1] = this.#keyEnd - this.#keyStart;
    fields[at + 2] = this.#dataStart;
    fields[at + 3] = this.#dataEnd;
    fields[at + 4] = this.#dataBytes;
    if (!this.#hashKey(this.#count * hashKeyWords)) return false;
    this.#count++;
    this.#keyStart = 0;
    this.#dataStart = 0;
    this.#explicitStart = 0;
    return true;
  }

  #hashKey(at: number): boolean {
    const { body } = this.#reader;
    if (this.#explicitStart !== 0) {
      return parseHashKey(body, this.#explicitStart, this.#explicitEnd, hashKeys, at);
    }
    writeMd5(body, this.#keyStart, this.#keyEnd, hashKeys, at);
    return true;
  }

  #text(max: number): string | undefined {
    const reader = this.#reader;
    return reader.text(max) ? reader.body.toString('latin1', reader.start, reader.end) : undefined;
  }
}

// The records of one body, filled anew by every scan: nothing is kept from one to the next.
const fields = new Int32Array(limits.putRecordsMax * fieldCount);
const hashKeys: HashKeys = new Uint32Array(limits.putRecordsMax * hashKeyWords);

// The model's lengths (Kinesis API reference); of hash keys and sequence numbers, those of their patterns.
const streamNameMax = 128;
const streamArnMax = 2048;
const partitionKeyMax = 256;
const hashKeyMax = 39;
const sequenceNumberMax = 129;
