import { createHash } from 'node:crypto';
import type { KinesisClient, Shard } from '@aws-sdk/client-kinesis';
import { recordsIn, shardsOf } from '../stream-reader.ts';
import { type UserRecord, userRecordsIn } from './user-records.ts';

/** What the KPL has left in a stream. */
export type Left = {
  /** How many Kinesis records. */
  readonly kinesisRecords: number;
  /** All user records, taken apart: their keys and numbers, `k12 345`. */
  readonly all: ReadonlySet<string>;
  /** Those that the KCL hands on: see `isWhole`. */
  readonly whole: ReadonlySet<string>;
};

/** Reads a stream without the KCL, and takes its records apart. */
export async function leftIn(client: KinesisClient, streamName: string): Promise<Left> {
  const all = new Set<string>();
  const whole = new Set<string>();
  let kinesisRecords = 0;
  for (const shard of await shardsOf(client, streamName)) {
    for (const record of await recordsIn(client, streamName, shard)) {
      const users = userRecordsIn(record.PartitionKey!, Buffer.from(record.Data!));
      const names = users.map(({ data }) => data.toString().split(' ').slice(0, 2).join(' '));
      kinesisRecords += 1;
      for (const name of names) all.add(name);
      if (isWhole(users, shard)) for (const name of names) whole.add(name);
    }
  }
  return { kinesisRecords, all, whole };
}

/**
 * Whether all of an aggregate belong into the shard that it is in. One that was made for a shard that is
 * split by then may not. The KCL (AggregatorUtil.java) drops all of such an aggregate; the KPL 1.0.7
 * (retrier.cc) sends only those again that do not belong there.
 */
function isWhole(users: readonly UserRecord[], { HashKeyRange }: Shard): boolean {
  const [start, end] = [BigInt(HashKeyRange!.StartingHashKey!), BigInt(HashKeyRange!.EndingHashKey!)];
  return users.every(({ partitionKey }) => {
    const hash = BigInt(`0x${createHash('md5').update(partitionKey).digest('hex')}`);
    return hash >= start && hash <= end;
  });
}
