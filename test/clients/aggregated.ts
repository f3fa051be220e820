import { createHash } from 'node:crypto';
import type { PutRecordsRequestEntry } from '@aws-sdk/client-kinesis';

/**
 * The records of a request, with those of a key in one record, as the KPL writes them
 * (https://github.com/awslabs/amazon-kinesis-producer, aggregation-format.md).
 */
export function aggregated(entries: readonly PutRecordsRequestEntry[]): PutRecordsRequestEntry[] {
  const ofKey = Map.groupBy(entries, ({ PartitionKey }) => PartitionKey!);
  return [...ofKey].map(([PartitionKey, some]) => ({ PartitionKey, Data: together(PartitionKey, some) }));
}

/** The KPL's magic number, a message of protocol buffers, and its MD5. */
function together(key: string, entries: readonly PutRecordsRequestEntry[]): Buffer {
  // Its table of keys has one; in each record, field 1 is that key's place and field 3 the data.
  const records = entries.map(({ Data }) => field(3, Buffer.concat([Buffer.of(1 << 3, 0), field(3, Data!)])));
  const message = Buffer.concat([field(1, Buffer.from(key)), ...records]);
  return Buffer.concat([magic, message, createHash('md5').update(message).digest()]);
}

const magic = Buffer.of(0xf3, 0x89, 0x9a, 0xc2);
const lengthDelimited = 2;

function field(number: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of((number << 3) | lengthDelimited), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return Buffer.of(...bytes, rest);
    bytes.push((rest & 0x7f) | 0x80);
  }
}
