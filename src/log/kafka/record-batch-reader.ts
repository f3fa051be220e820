import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import type { PartitionOf } from '../../env/kafka.ts';
import { DamagedError, type LoggedBatch, NewerFormatError } from '../log.ts';
import type { KafkaOffset } from './client.ts';
import { attribute, field, format, headBytes, lengthEnd } from './record-batch.ts';
import { RecordsReader } from './records-reader.ts';

export type DecodedBatches = {
  readonly batches: readonly LoggedBatch[];
  /** The offset after the last record batch that is there as a whole; `from` when there is none. */
  readonly end: KafkaOffset;
};

/**
 * What a broker has answered to a fetch from an offset on: record batches one after the other, of which the
 * first may begin before it, and the last may be cut off. Marks and what transactions leave behind are gaps.
 * `first` of the batches are offsets of the partition. What other producers wrote is read as well as it can
 * be: see `RecordsReader`. Throws `DamagedError`, and `NewerFormatError`, when it is not what was written.
 */
export function decodeRecordBatches(
  bytes: Buffer,
  { of, from }: { readonly of: PartitionOf; readonly from: KafkaOffset },
  crc32c: (bytes: Uint8Array) => number,
): DecodedBatches {
  const batches: LoggedBatch[] = [];
  let end = from;
  for (let at = 0; at < bytes.length; ) {
    const batch = wholeBatchAt(bytes, at);
    if (batch === undefined) {
      // Brokers answer at least one as a whole (KIP-74): it would be cut off again and again.
      if (at === 0) throw damaged(of, end, 'is cut off');
      break;
    }
    const head = checkedHead(batch, of, { end, isFirst: at === 0 }, crc32c);
    end = head.first + head.count;
    if ((head.attributes & attribute.control) === 0) readRecords(batch, head, of, batches);
    at += batch.length;
  }
  return { batches, end };
}

type Head = {
  readonly first: KafkaOffset;
  readonly count: number;
  readonly attributes: number;
  readonly arrival: number;
};

/** Undefined when it is cut off. */
function wholeBatchAt(bytes: Buffer, at: number): Buffer | undefined {
  if (at + lengthEnd > bytes.length) return undefined;
  const end = at + lengthEnd + bytes.readInt32BE(at + field.length);
  return end > bytes.length || end < at + lengthEnd ? undefined : bytes.subarray(at, end);
}

/**
 * A batch has all that it says, and is where it belongs: the first one at `end` or around it, the others
 * right behind the one before.
 */
function checkedHead(
  batch: Buffer,
  of: PartitionOf,
  { end, isFirst }: { readonly end: KafkaOffset; readonly isFirst: boolean },
  crc32c: (bytes: Uint8Array) => number,
): Head {
  if (batch.length <= field.format) throw damaged(of, end, 'is too short');
  const version = batch.readInt8(field.format);
  if (version > format) throw new NewerFormatError(`${nameOf(of, end)} has format ${version}.`);
  if (version < format) throw damaged(of, end, `has format ${version}, which is older than what can be read`);
  if (batch.length < headBytes) throw damaged(of, end, 'is too short');
  if (crc32c(batch.subarray(field.attributes)) !== batch.readUInt32BE(field.checksum)) {
    throw damaged(of, end, 'does not have its checksum');
  }
  const first = Number(batch.readBigInt64BE(field.first));
  const count = batch.readInt32BE(field.lastDelta) + 1;
  if (count < 1 || count !== batch.readInt32BE(field.count)) throw damaged(of, end, 'has a wrong count');
  const isInPlace = isFirst ? first <= end && end < first + count : first === end;
  if (!isInPlace) throw damaged(of, end, `begins at ${first}`);
  const arrival = Math.max(0, Number(batch.readBigInt64BE(field.latestTime)));
  return { first, count, attributes: batch.readInt16BE(field.attributes), arrival };
}

function readRecords(batch: Buffer, head: Head, of: PartitionOf, batches: LoggedBatch[]): void {
  const records = decompressed(batch.subarray(headBytes), head, of);
  if (head.count * recordBytesMin > records.length) throw damaged(of, head.first, 'has too few records');
  const reader = new RecordsReader(records, head);
  const trouble = reader.read(batches);
  if (trouble === 'newer')
    throw new NewerFormatError(`${nameOf(of, head.first)} has headers of a newer version.`);
  if (trouble === 'damaged') throw damaged(of, head.first, 'does not hold the records that it should');
}

/** What the attributes say of the records: 1 is gzip, 4 is zstd. We compress nothing. */
function decompressed(records: Buffer, { attributes, first }: Head, of: PartitionOf): Buffer {
  const codec = attributes & attribute.codec;
  if (codec === 0) return records;
  const decompress = codec === 1 ? gunzipSync : codec === 4 ? zstdDecompressSync : undefined;
  if (decompress === undefined) throw damaged(of, first, `is compressed with ${codecNames[codec] ?? codec}`);
  try {
    return decompress(records, { maxOutputLength: decompressedBytesMax });
  } catch {
    // Of many kinds, and all say that there is nothing to be had.
    throw damaged(of, first, `cannot be decompressed to ${decompressedBytesMax} bytes or less`);
  }
}

function damaged(of: PartitionOf, offset: KafkaOffset, how: string): DamagedError {
  return new DamagedError(`${nameOf(of, offset)} ${how}.`);
}

function nameOf({ topic, partition }: PartitionOf, offset: KafkaOffset): string {
  return `The record batch at offset ${offset} of partition ${partition} of topic ${topic}`;
}

const codecNames: Readonly<Record<number, string>> = { 2: 'snappy', 3: 'LZ4' };

/** A length, attributes, two differences, two lengths and a number of headers. */
const recordBytesMin = 7;

/** What a batch that was compressed may come to. */
const decompressedBytesMax = 64 * 1024 * 1024;
