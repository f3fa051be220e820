import type { Millis } from '../env/clock.ts';
import { dataBytesAt, keyAt, keyBytesAt, type Offset, type StoredBatch } from '../kinesis/record.ts';
import {
  advanceNumber,
  type Numbering,
  secondOf,
  sequenceNumberDigits,
  sequenceNumberOf,
} from '../kinesis/sequence-number.ts';
import type { Writer } from './writer.ts';

/**
 * Writes records of a shard as items of a list: what their shape makes of them, straight from the bytes of
 * their batches. What comes before a record's data is that of the record before, with the next number; it is
 * made anew where it is not.
 */
export class RecordWriter {
  readonly #writer: Writer;
  readonly #shard: Numbering;
  /** The number of the record at `#next`, if that arrives in the same second as the one before. */
  readonly #number = Buffer.alloc(sequenceNumberDigits);
  #next: Offset = -1;
  #arrival: Millis = 0;
  readonly #head: Writer;
  readonly #beforeKey: Buffer;

  constructor(writer: Writer, shard: Numbering) {
    this.#writer = writer;
    this.#shard = shard;
    this.#head = writer.forItems();
    const name = writer.forItems();
    name.key('PartitionKey');
    this.#beforeKey = name.sink.bytes();
  }

  write({ bytes, count, first, arrival }: StoredBatch): void {
    const numberAt = this.#beginHead(arrival);
    const { buffer: head, end: headBytes } = this.#head.sink;
    const { sink } = this.#writer;
    sink.reserve(count * (headBytes + framingBytes) + Math.ceil((bytes.length * 4) / 3));
    this.#moveTo(first, arrival);
    for (let index = 0, at = 0; index < count; index++) {
      head.set(this.#number, numberAt);
      advanceNumber(this.#number, sequenceNumberDigits);
      this.#writer.item();
      sink.copy(head, 0, headBytes);
      at = this.#rest(bytes, at);
    }
    this.#next = first + count;
  }

  #moveTo(first: Offset, arrival: Millis): void {
    const isKnown = first === this.#next && secondOf(arrival) === secondOf(this.#arrival);
    if (!isKnown) this.#number.write(sequenceNumberOf(this.#shard, first, arrival), 'latin1');
    this.#arrival = arrival;
  }

  /** Writes what a record has before its data, and answers where its number belongs. */
  #beginHead(arrival: Millis): number {
    const head = this.#head;
    head.sink.end = 0;
    head.openMap();
    head.key('SequenceNumber');
    head.string(anyNumber);
    const numberAt = head.sink.buffer.indexOf(anyNumber, 0, 'latin1');
    head.key('ApproximateArrivalTimestamp');
    head.timestamp(arrival);
    head.key('Data');
    return numberAt;
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

const anyNumber = '0'.repeat(sequenceNumberDigits);

/** What a record adds to its head, its data and its key. */
const framingBytes = 32;
