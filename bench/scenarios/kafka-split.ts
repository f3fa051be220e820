import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '../../harness/statistics.ts';
import { Client } from '../client.ts';
import { gatewayOf } from '../contender.ts';
import { SteadyPuts } from '../kafka/steady-puts.ts';
import { streamName } from '../load.ts';
import type { Scenario } from '../scenarios.ts';

const shardCount = 2;
const calmMs = 2000;
const afterMs = 1500;
const splits = 5;

/**
 * A shard is split, and the halves merged again, several times, while puts come to three gateways: from the
 * answer to the stream being ACTIVE, and how long any put took meanwhile. Every put must be acknowledged.
 */
export const kafkaSplit: Scenario = {
  name: 'kafka-split',
  group: 'kafka',
  isCrowded: true,
  rounds: ({ rounds }) => rounds,
  async measure(turn) {
    const brokers = await turn.workshop.brokers();
    await using cluster = brokers.newCluster();
    await using one = await turn.start(shardCount, { contender: gatewayOf(cluster) });
    await using two = await turn.start(0, { contender: gatewayOf(cluster) });
    await using three = await turn.start(0, { contender: gatewayOf(cluster) });
    const puts = new SteadyPuts([one.port, two.port, three.port], shardCount);
    const client = await Client.open(two.port);
    await sleep(calmMs);
    const calm = puts.between(performance.now() - calmMs, performance.now());
    const times: Times[] = [];
    const merges: Times[] = [];
    for (let nth = 0; nth < splits; nth++) {
      const [first] = await openShards(client);
      times.push(await reshard(client, puts, 'SplitShard', split(first!)));
      const [left, right] = (await openShards(client)).slice(0, 2);
      const merge = { ShardToMerge: left!.ShardId, AdjacentShardToMerge: right!.ShardId };
      merges.push(await reshard(client, puts, 'MergeShards', merge));
    }
    await puts.stop();
    client.close();
    const most = (of: readonly Times[], which: keyof Times) => Math.max(...of.map((each) => each[which]));
    turn.note({
      loadAverage: loadavg()[0]!,
      splitActiveMs: median(times.map(({ activeMs }) => activeMs)),
      splitMaxActiveMs: most(times, 'activeMs'),
      splitAnsweredMs: median(times.map(({ answeredMs }) => answeredMs)),
      mergeActiveMs: median(merges.map(({ activeMs }) => activeMs)),
      longestPutMs: most(times, 'longestMs'),
      failedAttempts: [...times, ...merges].reduce((sum, { failures }) => sum + failures, 0),
      p50Ms: calm.p50Ms,
      p99Ms: calm.p99Ms,
    });
    if (puts.firstFailure !== undefined) console.log(`  failed first with: ${puts.firstFailure}`);
  },
};

type Times = {
  readonly answeredMs: number;
  readonly activeMs: number;
  readonly longestMs: number;
  readonly failures: number;
};

async function reshard(client: Client, puts: SteadyPuts, operation: string, input: object): Promise<Times> {
  const beganMs = performance.now();
  await client.call(operation, { StreamName: streamName, ...input });
  const answeredMs = performance.now();
  while ((await statusOf(client)) !== 'ACTIVE') await sleep(10);
  const activeMs = performance.now();
  await sleep(afterMs);
  // A put that waits for a shard to be sealed was sent before.
  const { maxMs: longestMs, failures } = puts.between(beganMs - 200, activeMs + 200);
  return { answeredMs: answeredMs - beganMs, activeMs: activeMs - answeredMs, longestMs, failures };
}

type Shard = {
  readonly ShardId: string;
  readonly HashKeyRange: { readonly StartingHashKey: string; readonly EndingHashKey: string };
  readonly SequenceNumberRange: { readonly EndingSequenceNumber?: string };
};

/** In the order of their hash keys. */
async function openShards(client: Client): Promise<Shard[]> {
  const { Shards } = (await client.call('ListShards', { StreamName: streamName })) as { Shards: Shard[] };
  const start = (shard: Shard) => BigInt(shard.HashKeyRange.StartingHashKey);
  return Shards.filter(({ SequenceNumberRange: { EndingSequenceNumber: end } }) => end === undefined).sort(
    (one, other) => (start(one) < start(other) ? -1 : 1),
  );
}

function split({ ShardId, HashKeyRange: { StartingHashKey: start, EndingHashKey: end } }: Shard) {
  return { ShardToSplit: ShardId, NewStartingHashKey: String((BigInt(start) + BigInt(end)) / 2n) };
}

async function statusOf(client: Client): Promise<string> {
  const answer = await client.call('DescribeStreamSummary', { StreamName: streamName });
  return (answer as { StreamDescriptionSummary: { StreamStatus: string } }).StreamDescriptionSummary
    .StreamStatus;
}
