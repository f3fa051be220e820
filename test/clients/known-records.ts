import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  type KinesisClient,
  KinesisServiceException,
  ListShardsCommand,
  MergeShardsCommand,
  PutRecordsCommand,
  type PutRecordsRequestEntry,
  type Shard,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';

/** A record whose data says which it is: the so many-eth of its key, from 0, without a hole. */
export type KnownRecord = { readonly key: string; readonly number: number };

/** What was put. */
export type Produced = {
  /** In the order in which they were acknowledged. */
  readonly records: readonly KnownRecord[];
  /** Whether some may be in the stream more than once: a put was sent again because no answer came. */
  readonly resent: boolean;
};

export type ProductionPlan = {
  readonly streamName: string;
  readonly records: number;
  readonly perSecond: number;
  /** Whether a shard is split after a third, and two merged after two thirds. */
  readonly reshard: boolean;
  /** How many keys they have. */
  readonly keys?: number;
  /** What becomes of the records of a request before they are put; nothing unless said. */
  readonly pack?: (entries: readonly PutRecordsRequestEntry[]) => PutRecordsRequestEntry[];
  /** Told how many there are, after each request. */
  readonly progress?: (put: number) => void;
  /** How many are in a request. */
  readonly requestRecords?: number;
  /** What is done once so many are put, while more are; it is over when `produce` is. */
  readonly meanwhile?: { readonly after: number; readonly run: () => Promise<unknown> };
};

export const keysUnlessSaid = 97;
const requestRecordsUnlessSaid = 30;

/** The data of a record: its key, its number, and when it was put, in milliseconds since 1970. */
export function dataOf({ key, number }: KnownRecord, putAt: number): string {
  return `${key} ${number} ${putAt}`;
}

/**
 * Puts known records at a rate, each request after the other so that every key keeps its order. What the
 * server does not answer is sent again, so that it may be killed and come again.
 */
export async function produce(client: KinesisClient, plan: ProductionPlan): Promise<Produced> {
  const { streamName, records: total, perSecond, keys = keysUnlessSaid } = plan;
  const requestRecords = plan.requestRecords ?? requestRecordsUnlessSaid;
  const records: KnownRecord[] = [];
  let attempts = 0;
  const resharding: Promise<void>[] = [];
  let meanwhile: Promise<unknown> | undefined;
  const started = performance.now();
  for (let done = 0; done < total; done = records.length) {
    const size = Math.min(requestRecords, total - done);
    const some = Array.from({ length: size }, (_, index) => knownRecord(done + index, keys));
    attempts += await put(client, plan, some);
    records.push(...some);
    plan.progress?.(records.length);
    const passed = (fraction: number) => done < total * fraction && records.length >= total * fraction;
    if (plan.meanwhile !== undefined && records.length >= plan.meanwhile.after)
      meanwhile ??= plan.meanwhile.run();
    if (plan.reshard && passed(1 / 3)) resharding.push(splitFirst(client, streamName));
    if (plan.reshard && passed(2 / 3)) resharding.push(mergeAfter(resharding[0]!, client, streamName));
    await sleep(Math.max(0, started + (records.length / perSecond) * 1000 - performance.now()));
  }
  await Promise.all([...resharding, meanwhile]);
  return { records, resent: attempts > Math.ceil(total / requestRecords) };
}

/** The so many-eth of all. */
export function knownRecord(index: number, keys: number): KnownRecord {
  return { key: `k${index % keys}`, number: Math.floor(index / keys) };
}

/** How many attempts it took: a server that does not answer is asked again, for a minute. */
async function put(
  client: KinesisClient,
  plan: ProductionPlan,
  some: readonly KnownRecord[],
): Promise<number> {
  const started = performance.now();
  for (let attempts = 0; ; attempts++) {
    try {
      return attempts + (await putOnce(client, plan, some));
    } catch (error) {
      const isAnswer = error instanceof KinesisServiceException;
      if (isAnswer || performance.now() - started > 60_000) throw error;
      await sleep(200);
    }
  }
}

async function putOnce(
  client: KinesisClient,
  { streamName: StreamName, pack = (entries) => [...entries] }: ProductionPlan,
  some: readonly KnownRecord[],
): Promise<number> {
  const now = Date.now();
  const entries = some.map((record) => ({
    PartitionKey: record.key,
    Data: Buffer.from(dataOf(record, now)),
  }));
  const Records = pack(entries);
  const answer = await client.send(new PutRecordsCommand({ StreamName, Records }));
  assert.equal(answer.FailedRecordCount, 0, JSON.stringify(answer.Records?.find((each) => each.ErrorCode)));
  return answer.$metadata.attempts ?? 1;
}

/** Resolves when it is active. */
export async function createStream(
  client: KinesisClient,
  StreamName: string,
  ShardCount: number,
): Promise<void> {
  await client.send(new CreateStreamCommand({ StreamName, ShardCount }));
  await active(client, StreamName);
}

/** Splits the first open shard in the middle; resolves when its children are open. */
export async function splitFirst(client: KinesisClient, StreamName: string): Promise<void> {
  const [shard] = await openShards(client, StreamName);
  const { StartingHashKey, EndingHashKey } = shard!.HashKeyRange!;
  const NewStartingHashKey = String((BigInt(StartingHashKey!) + BigInt(EndingHashKey!) + 1n) / 2n);
  await client.send(new SplitShardCommand({ StreamName, ShardToSplit: shard!.ShardId, NewStartingHashKey }));
  await active(client, StreamName);
}

/** Merges the last two open shards. */
export async function mergeLast(client: KinesisClient, StreamName: string): Promise<void> {
  const [ShardToMerge, AdjacentShardToMerge] = (await openShards(client, StreamName))
    .slice(-2)
    .map(({ ShardId }) => ShardId);
  await client.send(new MergeShardsCommand({ StreamName, ShardToMerge, AdjacentShardToMerge }));
  await active(client, StreamName);
}

async function mergeAfter(earlier: Promise<void>, client: KinesisClient, streamName: string): Promise<void> {
  await earlier;
  await mergeLast(client, streamName);
}

/** By the beginning of their ranges. */
async function openShards(client: KinesisClient, StreamName: string): Promise<Shard[]> {
  const { Shards = [] } = await client.send(
    new ListShardsCommand({ StreamName, ShardFilter: { Type: 'AT_LATEST' } }),
  );
  const start = ({ HashKeyRange }: Shard) => BigInt(HashKeyRange!.StartingHashKey!);
  return Shards.sort((one, other) => (start(one) < start(other) ? -1 : 1));
}

async function active(client: KinesisClient, StreamName: string): Promise<void> {
  const status = async () => {
    const { StreamDescriptionSummary } = await client.send(new DescribeStreamSummaryCommand({ StreamName }));
    return StreamDescriptionSummary?.StreamStatus;
  };
  while ((await status()) !== 'ACTIVE') await sleep(20);
}

/** The parents of every shard that a stream has or had. */
export async function parentsIn(client: KinesisClient, StreamName: string): Promise<Map<string, string[]>> {
  const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName }));
  return new Map(
    Shards.map((shard) => [
      shard.ShardId!,
      [shard.ParentShardId, shard.AdjacentParentShardId].filter((parent) => parent !== undefined),
    ]),
  );
}
