import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchOf } from '../../../harness/shard-text.ts';
import type { PartitionOf } from '../../../src/env/kafka.ts';
import { openKafkaClient } from '../../../src/log/kafka/kafka-client.ts';
import { streamTopic } from '../../../src/log/kafka/stream-topic.ts';
import { HeardKafka } from './heard-kafka.ts';
import { OnFakeCluster } from './on-fake-cluster.ts';
import { KafkaWorld } from './world.ts';

const topic = streamTopic('test', 'stream', 1);
const of: PartitionOf = { topic: topic.topic, partition: 0 };

/** Writers and readers of one partition that know who leads it now. */
async function begin() {
  const world = new OnFakeCluster();
  const writer = await world.client({ deliveryMs: 60_000 });
  const reader = await world.client();
  await writer.ensureTopic(topic);
  await writer.append(of, batchOf('before'));
  await reader.bounds(of, 'now');
  const leader = () => world.cluster.placementOf(of)!.leader;
  return { world, cluster: world.cluster, writer, reader, leader };
}

test('a leader that was deposed and does not know it yet does not say where a partition ends now', async () => {
  const { world, cluster, writer, reader, leader } = await begin();
  await using _ = world;
  const deposed = leader();
  cluster.cutOff(deposed, 'peers');
  cluster.cutOff(deposed, 'controller');
  const { first } = await writer.append(of, batchOf('after'));
  assert.notEqual(leader(), deposed);
  assert.equal((await reader.bounds(of, 'now')).end, first + 1);
});

test('a reader whose leader only follows by now reads from the one that leads', async () => {
  await using world = new OnFakeCluster();
  const { cluster } = world;
  const writer = await world.client({ deliveryMs: 60_000 });
  const heard = new HeardKafka(cluster.client());
  const reader = await world.client({}, heard);
  await writer.ensureTopic(topic);
  await writer.append(of, batchOf('before'));
  const limit = { records: 10, bytes: 1_000 };
  await reader.read(of, 0, limit);
  const { leader: former } = cluster.placementOf(of)!;
  cluster.cutOff(former, 'controller');
  cluster.cutOff(former, 'peers');
  await writer.append(of, batchOf('after'));
  cluster.heal();
  await world.until(
    () => cluster.broker(former).image.topics.get(topic.topic)!.placements[0]!.leader !== former,
  );
  await reader.read(of, 0, limit);
  const hosts = heard.catchUps.slice(-2).map(({ host }) => host);
  const hostOf = (id: number) => cluster.addresses[id - 1]!.host;
  assert.deepEqual(hosts, [hostOf(former), hostOf(cluster.placementOf(of)!.leader)]);
});

test('the word of the leader is enough where no other replica can be asked', async () => {
  const { world, cluster, reader, leader } = await begin();
  await using _ = world;
  for (const { id } of cluster.brokers) if (id !== leader()) cluster.kill(id);
  assert.equal((await reader.bounds(of, 'now')).end, 1);
});

test('a replica that stands still is not waited for where another one answers', async () => {
  const { world, cluster, reader, leader } = await begin();
  await using _ = world;
  const [paused] = cluster.placementOf(of)!.inSync.filter((id) => id !== leader());
  cluster.pause(paused!);
  const begun = world.clock.monotonic();
  assert.equal((await reader.bounds(of, 'now')).end, 1);
  assert.ok(world.clock.monotonic() - begun < 1_000);
});

test('whatever befalls leaders, what was acknowledged to one is before the end of whoever asks then', async () => {
  for (let seed = 1; seed <= 12; seed++) await askAmongFaults(seed);
});

async function askAmongFaults(seed: number): Promise<void> {
  const world = new KafkaWorld(seed);
  const { cluster, clock, random, logger } = world;
  const open = async () => {
    const options = { deliveryMs: 60_000, patienceMs: 60_000 };
    const kafka = { kafka: cluster.client(), bootstrap: cluster.addresses, rack: 'az1', clock, logger };
    return openKafkaClient(kafka, options);
  };
  await world.run(async () => {
    const [writer, reader] = [await open(), await open()];
    await writer.ensureTopic(topic);
    let acknowledged = 0;
    for (let round = 0; round < 20; round++) {
      if (random.chance(0.6)) befallLeader(world);
      const appended = writer.append(of, batchOf('record')).then(({ first }) => {
        acknowledged = Math.max(acknowledged, first + 1);
      });
      await Promise.race([appended, clock.sleep(random.below(8_000))]);
      const known = acknowledged;
      const healed = clock.sleep(random.below(20_000)).then(() => cluster.heal());
      const { end } = await reader.bounds(of, 'now');
      assert.ok(end >= known, `seed ${seed}, round ${round}: ${known} were acknowledged, ${end} is the end`);
      await healed;
      await appended;
    }
    await Promise.all([writer[Symbol.asyncDispose](), reader[Symbol.asyncDispose]()]);
  });
}

/** It stands still and goes on, or does not hear of the others. */
function befallLeader({ cluster, random }: KafkaWorld): void {
  const { leader } = cluster.placementOf(of)!;
  const id = leader < 0 ? 1 : leader;
  const deeds = [
    () => cluster.pause(id),
    () => cluster.cutOff(id, 'peers'),
    () => cluster.cutOff(id, 'controller'),
    () => {
      cluster.cutOff(id, 'controller');
      cluster.cutOff(id, 'peers');
    },
  ];
  random.pick(deeds)();
}
