import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchOf } from '../../../harness/shard-text.ts';
import type { PartitionOf } from '../../../src/env/kafka.ts';
import type { KafkaClient } from '../../../src/log/kafka/client.ts';
import { streamTopic } from '../../../src/log/kafka/stream-topic.ts';
import { OnFakeCluster } from './on-fake-cluster.ts';
import { KafkaWorld, batchOf as recordOf, topic } from './world.ts';

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
 * shows it only after the third broker has said so, too, which takes a while.
 */
async function afterElection(
  prepare: (reader: KafkaClient) => Promise<unknown>,
  restMs: number,
): Promise<void> {
  for (let seed = 1; seed <= 3; seed++) {
    await using world = new OnFakeCluster(seed);
    const { cluster } = world;
    const writer = await world.client();
    const reader = await world.client();
    await writer.ensureTopic(stream);
    await prepare(reader);
    Object.assign(cluster.weather, { peerDelayMax: 400 });
    await writer.append(of, batchOf('acknowledged'));
    Object.assign(cluster.weather, { peerDelayMax: 4_000 });
    const old = cluster.placementOf(of)!.leader;
    cluster.kill(old);
    await world.until(() => ![old, -1].includes(cluster.placementOf(of)!.leader));
    await world.clock.sleep(restMs);
    for (let look = 0; look < 5; look++) {
      const { batches, end } = await reader.read(of, 0, plenty);
      assert.deepEqual([batches.length, end], [1, 1], `seed ${seed}, look ${look}`);
      await world.clock.sleep(50);
    }
  }
}

test('a reader that comes after an election is not told that it is at the tip before it is', () =>
  afterElection(async () => {}, 1));

test('nor is one that was at the tip before', () =>
  afterElection(async (reader) => {
    assert.equal((await reader.read(of, 0, plenty)).end, 0);
    // It is followed from then on, at the new leader as well.
  }, 500));

test('what a broker answers after it stood still is not taken for what is so now', async () => {
  await using world = new OnFakeCluster(1);
  const { cluster } = world;
  const writer = await world.client();
  const reader = await world.client();
  await writer.ensureTopic(stream);
  await writer.append(of, batchOf('before'));
  assert.equal((await reader.read(of, 1, plenty)).end, 1);
  const over = new AbortController();
  const growth = reader.grown(of, 1, over.signal);
  await world.clock.sleep(1_000);
  const old = cluster.placementOf(of)!.leader;
  cluster.pause(old);
  await writer.append(of, batchOf('after'));
  // Its answer is on the way, and it has not heard yet that another broker leads.
  Object.assign(cluster.weather, { controllerDelayMax: 5_000 });
  cluster.resume(old);
  for (let look = 0; look < 20; look++) {
    const { batches, end } = await reader.read(of, 1, plenty);
    assert.deepEqual([batches.length, end], [1, 2], `look ${look}`);
    await world.clock.sleep(5);
  }
  over.abort();
  await growth;
});
