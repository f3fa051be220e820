import type { Millis } from '../../../env/clock.ts';
import { dataBytesAt, keyAt, keyBytesAt, type Offset, type StoredBatch } from '../../../kinesis/record.ts';
import { type Numbering, secondOf, sequenceNumberOf } from '../../../kinesis/sequence-number.ts';
import type { Writer } from '../../../wire/writer.ts';
import { RepeatedItem } from './repeated-item.ts';

/**
 * Writes records of a shard as items of a list, as their shape would, straight from the bytes of their
 * batches. The part before a record's data is copied from the record before, with the next number, where it
 * is the same.
 */
export class RecordWriter {
  readonly #writer: Writer;
  readonly #shard: Numbering;
  /** The offset after the last record written, and when that record arrived. */
  #next: Offset = -1;
  #arrival: Millis = 0;
  /** `#head` is the part of a record before its data, written here. */
  readonly #items: Writer;
  readonly #head: RepeatedItem;
  readonly #beforeKey: Buffer;

  constructor(writer: Writer, shard: Numbering) {
    this.#writer = writer;
    this.#shard = shard;
    this.#items = writer.forItems();
    this.#head = new RepeatedItem(this.#items);
    const name = writer.forItems();
    name.key('PartitionKey');
    this.#beforeKey = name.sink.bytes();
  }

  write(batch: StoredBatch): void {
    const { bytes, count, first, arrival } = batch;
    this.#beginHead(this.#numberOf(batch), batch);
    const { sink } = this.#writer;
    sink.reserve(count * (this.#head.length + framingBytes) + Math.ceil((bytes.length * 4) / 3));
    for (let index = 0, at = 0; index < count; index++) {
      this.#writer.item();
      this.#head.copyTo(sink);
      at = this.#rest(bytes, at);
    }
    this.#next = first + count;
    this.#arrival = arrival;
  }

  #numberOf({ first, arrival }: StoredBatch): string {
    const isNext = first === this.#next && secondOf(arrival) === secondOf(this.#arrival);
    return isNext ? this.#head.number : sequenceNumberOf(this.#shard, first, arrival);
  }

  #beginHead(number: string, { arrival, keyArn }: StoredBatch): void {
    const items = this.#items;
    items.sink.end = 0;
    this.#head.begin(number);
    items.key('ApproximateArrivalTimestamp');
    items.timestamp(arrival);
    if (keyArn !== undefined) {
      items.key('EncryptionType');
      items.string('KMS');
    }
    items.key('Data');
    this.#head.end();
  }

  /** Writes the rest of the record at a position; answers the position of the next one. */
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

/** The bytes around a record's head, data and key. */
const framingBytes = 32;
