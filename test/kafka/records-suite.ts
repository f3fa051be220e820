import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { OneShard } from '../../harness/one-shard.ts';
import { batchOf, numbered, textsOf } from '../../harness/shard-text.ts';
import { silentLogger } from '../../src/env/logger.ts';
import { nodeClock } from '../../src/env/node-clock.ts';
import { recordsOf } from '../../src/kinesis/record.ts';
import type { KafkaClient } from '../../src/log/kafka/client.ts';
import { openKafkaClient } from '../../src/log/kafka/kafka-client.ts';
import { openKafkaLog } from '../../src/log/kafka/kafka-log.ts';
import { streamTopicName } from '../../src/log/kafka/stream-topic.ts';
import { type Engine, SealedError } from '../../src/log/log.ts';
import { isLong } from '../length.ts';
import { engineContractByAnyClock } from '../log/contract.ts';
import { AgreedPlaces, MemoryPlaces } from '../log/kafka/memory-places.ts';
import type { RealCluster } from './real-cluster.ts';

const key = { stream: 'stream', shard: 0 };

/** The engine of records on real brokers; gateways agree on places in this process. */
export function recordsSuite(real: RealCluster): void {
  suite('records on real brokers', () => {
    const clients: KafkaClient[] = [];
    let clusters = 0;
    const open = async () => {
      const { kafka, addresses: bootstrap } = real;
      const world = { kafka, bootstrap, rack: 'az1', clock: nodeClock, logger: silentLogger };
      const client = await openKafkaClient(world);
      clients.push(client);
      return client;
    };
    const gateway = async (agreed: AgreedPlaces, cluster: string): Promise<Engine> => {
      const client = await open();
      const places = new MemoryPlaces(agreed, client, cluster);
      return openKafkaLog({ client, places, clock: nodeClock, cluster });
    };
    const begin = async (count = 1): Promise<Begun> => {
      const agreed = new AgreedPlaces();
      const cluster = `records-${++clusters}`;
      const engines = await Promise.all(Array.from({ length: count }, () => gateway(agreed, cluster)));
      const shards = engines.map((engine) => new OneShard(engine, key));
      return { engines, shards, topic: streamTopicName(cluster, key.stream) };
    };
    after(async () => {
      await real.heal();
      await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()));
    });
    // Fake brokers, which keep the contract of real ones, have it each time.
    if (isLong)
      engineContractByAnyClock('the engine on real brokers', async () => (await begin()).engines[0]!);
    bySeveral(begin);
    whileBrokersFail(real, begin);
  });
}

type Begun = {
  readonly engines: readonly Engine[];
  /** The same shard, of each of them. */
  readonly shards: readonly OneShard[];
  readonly topic: string;
};

type Begin = (count?: number) => Promise<Begun>;

function bySeveral(begin: Begin): void {
  test('gateways write to one shard, one of them seals it, and all have the same records', async () => {
    const { shards } = await begin(3);
    const acknowledged: number[] = [];
    let refused = 0;
    const put = async (shard: OneShard, text: string) => {
      try {
        acknowledged.push((await shard.append(batchOf(text))).first);
      } catch (error) {
        assert.ok(error instanceof SealedError, String(error));
        refused += 1;
      }
    };
    let seal: Promise<number> | undefined;
    for (let round = 0; round < 20; round++) {
      const puts = shards.map((shard, index) => put(shard, `${index} of ${round}`));
      if (round === 12) seal = shards[1]!.seal();
      await Promise.all(puts);
    }
    const end = await seal!;
    assert.equal(await shards[0]!.seal(), end);
    assert.equal(acknowledged.length + refused, 60);
    assert.ok(refused > 0);
    assert.ok(acknowledged.every((first) => first < end));
    const texts = await textsOf(shards[0]!);
    assert.equal(texts.length, end);
    for (const shard of shards) assert.deepEqual(await textsOf(shard), texts);
  });

  test('a record of 10 MiB is a record', async () => {
    const [shard] = (await begin()).shards;
    assert.ok(shard);
    const large = 'x'.repeat(10 * 1024 * 1024);
    await shard.append(batchOf(large));
    await shard.append(batchOf('small'));
    assert.deepEqual(await textsOf(shard), [large, 'small']);
  });

  test('a time is found, and what was trimmed is gone', async () => {
    const [shard] = (await begin()).shards;
    assert.ok(shard);
    const arrivals: number[] = [];
    for (const text of numbered(0, 5)) arrivals.push((await shard.append(batchOf(text))).arrival);
    for (const arrival of arrivals) assert.equal(await shard.seek(arrival), arrivals.indexOf(arrival));
    assert.equal(await shard.seek(arrivals[4]! + 1), 5);
    await shard.trim(3);
    const [oldest] = await shard.read(0, { records: 10, bytes: 1_000 });
    assert.equal(oldest?.first, 3);
    assert.equal(await shard.start(), 3);
  });
}

function whileBrokersFail(real: RealCluster, begin: Begin): void {
  for (const how of isLong ? (['kill', 'pause'] as const) : (['kill'] as const)) {
    test(`records go on, each once and in order, when their leader is struck: ${how}`, async () => {
      const { shards, topic } = await begin(2);
      const [writer, reader] = shards;
      assert.ok(writer && reader);
      const reading = follow(reader, 40);
      for (const text of numbered(0, 40)) {
        if (text === 'record 20') await real[how](await real.leaderOf(topic, 0));
        await writer.append(batchOf(text));
      }
      assert.deepEqual(await reading, numbered(0, 40));
      await real.heal();
      assert.deepEqual(await textsOf(writer), numbered(0, 40));
    });
  }
}

/** Reads as a subscription does, until it has so many records. */
async function follow(shard: OneShard, count: number): Promise<string[]> {
  const texts: string[] = [];
  const never = new AbortController().signal;
  while (texts.length < count) {
    await shard.grown(texts.length, never);
    for (const batch of await shard.read(texts.length, { records: 1_000, bytes: 1 << 20 })) {
      assert.equal(batch.first, texts.length);
      for (const { data } of recordsOf(batch)) texts.push(data.toString());
    }
  }
  return texts;
}
