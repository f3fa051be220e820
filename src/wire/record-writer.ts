import { dataBytesAt, keyAt, keyBytesAt, type StoredBatch } from '../kinesis/record.ts';
import { type Numbering, NumberWriter, sequenceNumberOf } from '../kinesis/sequence-number.ts';
import type { Writer } from './writer.ts';

/**
 * Writes the records of a batch as items of a list: what their shape makes of them, straight from the batch's bytes.
 * All that they have in common is written once; a record's number is the one before plus a step.
 */
export function writeRecords(writer: Writer, shard: Numbering, batch: StoredBatch): void {
  const { bytes, count, first, arrival } = batch;
  const number = sequenceNumberOf(shard, first, arrival);
  const numbers = new NumberWriter(shard, first, arrival);
  const head = written(writer, (own) => {
    own.openMap();
    own.key('SequenceNumber');
    own.string(number);
    own.key('ApproximateArrivalTimestamp');
    own.timestamp(arrival);
    own.key('Data');
  });
  const beforeKey = written(writer, (own) => own.key('PartitionKey'));
  const numberAt = head.indexOf(number);
  const { sink } = writer;
  sink.reserve(count * (head.length + framingBytes) + Math.ceil((bytes.length * 4) / 3));
  for (let index = 0, at = 0; index < count; index++) {
    numbers.writeNext(head, numberAt);
    const key = keyAt(at);
    const keyBytes = keyBytesAt(bytes, at);
    const data = key + (keyBytes ?? 0);
    const end = data + dataBytesAt(bytes, at);
    writer.item();
    sink.copy(head);
    writer.blobIn(bytes, data, end);
    if (keyBytes !== undefined) {
      sink.copy(beforeKey);
      writer.textIn(bytes, key, data);
    }
    writer.closeMap();
    at = end;
  }
}

/** What a record adds to its head, its data and its key. */
const framingBytes = 32;

function written(writer: Writer, write: (own: Writer) => void): Buffer {
  const own = writer.forItems();
  write(own);
  return own.sink.bytes();
}
