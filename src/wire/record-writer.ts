import type { Millis } from '../env/clock.ts';
import { dataBytesAt, keyAt, keyBytesAt, type Offset, type StoredBatch } from '../kinesis/record.ts';
import { advanceNumber, type Numbering, numberRecords } from '../kinesis/sequence-number.ts';
import type { Writer } from './writer.ts';

/**
 * Writes records of a shard as items of a list: what their shape makes of them, straight from the bytes of their batches.
 * What comes before a record's data is that of the record before, with the next number; it is made anew where it is not.
 */
export class RecordWriter {
  readonly #writer: Writer;
  readonly #numberOf: (offset: Offset, arrival: Millis) => string;
  readonly #head: Writer;
  readonly #beforeKey: Buffer;
  #numberEnd = 0;

  constructor(writer: Writer, shard: Numbering) {
    this.#writer = writer;
    this.#numberOf = numberRecords(shard);
    this.#head = writer.forItems();
    const name = writer.forItems();
    name.key('PartitionKey');
    this.#beforeKey = name.sink.bytes();
  }

  write(batch: StoredBatch): void {
    const { bytes, count } = batch;
    this.#beginHead(batch);
    const { buffer: head, end: headBytes } = this.#head.sink;
    const { sink } = this.#writer;
    sink.reserve(count * (headBytes + framingBytes) + Math.ceil((bytes.length * 4) / 3));
    for (let index = 0, at = 0; index < count; index++) {
      if (index > 0) advanceNumber(head, this.#numberEnd);
      this.#writer.item();
      sink.copy(head, 0, headBytes);
      at = this.#rest(bytes, at);
    }
  }

  /** What a record has before its data, with the number of the batch's first. */
  #beginHead({ first, arrival }: StoredBatch): void {
    const head = this.#head;
    head.sink.end = 0;
    head.openMap();
    head.key('SequenceNumber');
    const number = this.#numberOf(first, arrival);
    head.string(number);
    this.#numberEnd = head.sink.buffer.indexOf(number, 0, 'latin1') + number.length;
    head.key('ApproximateArrivalTimestamp');
    head.timestamp(arrival);
    head.key('Data');
  }

  /** Writes what follows the head of the record at a position, and answers where the next record is. */
  #rest(bytes: Buffer, at: number): number {
    const writer = this.#writer;
    const key = keyAt(at);
    const keyBytes = keyBytesAt(bytes, at);
    const data = key + (keyBytes ?? 0);
    const end = data + dataBytesAt(bytes, at);
    writer.blobIn(bytes, data, end);
    if (keyBytes !== undefined) {
      writer.sink.copy(this.#beforeKey);
      writer.textIn(bytes, key, data);
    }
    writer.closeMap();
    return end;
  }
}

/** What a record adds to its head, its data and its key. */
const framingBytes = 32;
