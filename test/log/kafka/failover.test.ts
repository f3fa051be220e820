import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchOf } from '../../../harness/shard-text.ts';
import type { PartitionOf } from '../../../src/env/kafka.ts';
import type { KafkaClient } from '../../../src/log/kafka/client.ts';
import { streamTopic } from '../../../src/log/kafka/stream-topic.ts';
import { OnFakeCluster } from './on-fake-cluster.ts';
import { batchOf as recordOf, KafkaWorld, topic } from './world.ts';

const stream = streamTopic('test', 'stream', 1);
const of: PartitionOf = { topic: stream.topic, partition: 0 };
const plenty = { records: 10_000, bytes: 10_000_000 };

test('whichever broker is cut off from the others and does not know it, clients find who leads by now', async () => {
  for (const id of [1, 2, 3]) {
    const world = new KafkaWorld();
    await world.run(async () => {
      const { producer } = await world.clientOf(6);
      const partitions = [0, 1, 2, 3, 4, 5];
      const putAll = () =>
        Promise.all(partitions.map((partition) => producer.append({ topic, partition }, recordOf('text'))));
      await putAll();
      world.cluster.cutOff(id, 'peers');
      world.cluster.cutOff(id, 'controller');
      while (partitions.some((partition) => [id, -1].includes(world.leaderOf(partition))))
        await world.clock.sleep(10);
      const began = world.clock.monotonic();
      await putAll();
      const tookMs = world.clock.monotonic() - began;
      assert.ok(tookMs < 5_000, `with broker ${id} cut off it took ${tookMs} ms`);
      world.cluster.heal();
    });
  }
});

/**
 * A record was acknowledged, and its leader is gone before the others heard that all have it. Who leads next
 * cannot say so either, for the third broker does not reach it.
 */
async function afterElection(
  read: (reader: KafkaClient, heal: () => void) => Promise<void>,
  prepare: (reader: KafkaClient) => Promise<void>,
): Promise<void> {
  await using world = new OnFakeCluster(1);
  const { cluster } = world;
  const writer = await world.client();
  const reader = await world.client();
  await writer.ensureTopic(stream);
  await prepare(reader);
  await writer.append(of, batchOf('acknowledged'));
  const old = cluster.placementOf(of)!.leader;
  const third = [1, 2, 3].find((id) => id !== old)!;
  cluster.cutOff(third, 'peers');
  cluster.kill(old);
  await world.until(() => ![old, third, -1].includes(cluster.placementOf(of)!.leader));
  await read(reader, () => cluster.reconnect(third, 'peers'));
}

async function isFound(reader: KafkaClient, heal: () => void): Promise<void> {
  const found = reader.read(of, 0, plenty);
  heal();
  const { batches, end } = await found;
  assert.deepEqual([batches.length, end], [1, 1]);
}

test('a reader that comes after an election is not told that it is at the tip before it is', () =>
  afterElection(isFound, async () => {}));

test('nor is one that was at the tip before', () =>
  afterElection(isFound, async (reader) => {
    assert.equal((await reader.read(of, 0, plenty)).end, 0);
  }));
