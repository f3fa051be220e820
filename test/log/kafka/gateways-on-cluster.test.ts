import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OneShard } from '../../../harness/one-shard.ts';
import { batchOf, numbered, textsOf } from '../../../harness/shard-text.ts';
import { type Cluster, openCluster } from '../../../src/cluster/cluster.ts';
import { silentLogger } from '../../../src/env/logger.ts';
import { EncryptedRecords } from '../../../src/log/encrypted-records.ts';
import { openKafkaLog } from '../../../src/log/kafka/kafka-log.ts';
import { streamTopicName } from '../../../src/log/kafka/stream-topic.ts';
import { type Engine, SealedError, UnavailableError } from '../../../src/log/log.ts';
import { openMemoryLog } from '../../../src/log/memory/memory-log.ts';
import { TestKeys } from '../test-keys.ts';
import { TestRandom } from '../world.ts';
import { OnFakeCluster } from './on-fake-cluster.ts';

const key = { stream: 'stream', shard: 0 };
const topic = streamTopicName('test', key.stream);

/** Brokers, and gateways that agree on places by a journal. */
class World implements AsyncDisposable {
  readonly brokers = new OnFakeCluster();
  readonly #control = openMemoryLog(this.brokers.clock);
  readonly #clusters: Cluster[] = [];
  readonly #engines: Engine[] = [];

  async gateway(): Promise<Engine> {
    const { clock } = this.brokers;
    const client = await this.brokers.client({ deliveryMs: 2_000 });
    const number = this.#clusters.length + 1;
    const cluster = await openCluster({
      ...{ log: this.#control, client, clock, random: new TestRandom(number), logger: silentLogger },
      ...{
        name: 'test',
        self: { address: `gateway-${number}:1`, rack: 'az1' },
        failed: (error) => assert.ifError(error),
      },
    });
    this.#clusters.push(cluster);
    const engine = openKafkaLog({ client, places: cluster.places, clock, cluster: 'test' });
    this.#engines.push(engine);
    return engine;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const engine of this.#engines) await engine.close();
    for (const cluster of this.#clusters) await cluster.close();
    await this.brokers[Symbol.asyncDispose]();
  }
}

test('gateways that agree by a journal write to one shard until it is sealed, and none behind the seal', async () => {
  await using world = new World();
  const engines = [await world.gateway(), await world.gateway(), await world.gateway()];
  const shards = engines.map((engine) => new OneShard(engine, key));
  await engines[0]!.prepare(key.stream, { shards: [0], retention: 24 * 3_600_000 });
  const acknowledged: number[] = [];
  let refused = 0;
  const puts = shards.map(async (shard, index) => {
    for (let at = 0; at < 20; at++) {
      try {
        acknowledged.push((await shard.append(batchOf(`${index} ${at}`))).first);
      } catch (error) {
        assert.ok(error instanceof SealedError, String(error));
        refused += 1;
      }
    }
  });
  while (acknowledged.length < 15) await world.brokers.clock.sleep(1);
  const end = await shards[2]!.seal();
  await Promise.all(puts);
  assert.equal(acknowledged.length + refused, 60);
  assert.ok(acknowledged.every((first) => first < end));
  assert.equal(acknowledged.length, end);
  const texts = await textsOf(shards[0]!);
  for (const shard of shards) assert.deepEqual(await textsOf(shard), texts);
});

test('without enough replicas in sync nothing is acknowledged, and appends go on once they are back', async () => {
  await using world = new World();
  const { cluster } = world.brokers;
  const shard = new OneShard(await world.gateway(), key);
  await shard.append(batchOf('before'));
  const { leader } = cluster.placementOf({ topic, partition: 0 })!;
  const followers = [1, 2, 3].filter((id) => id !== leader);
  for (const id of followers) cluster.kill(id);
  await assert.rejects(shard.append(batchOf('too few')), UnavailableError);
  assert.deepEqual(await textsOf(shard), ['before']);
  assert.equal(await shard.end(), 1);
  for (const id of followers) cluster.start(id);
  const { first } = await shard.append(batchOf('after'));
  assert.deepEqual((await textsOf(shard, first)).slice(0, 1), ['after']);
});

test('what is encrypted is not at the brokers in plain, and is read by its offsets', async () => {
  await using world = new World();
  const keys = new TestKeys();
  keys.renew();
  const engine = await world.gateway();
  const records = new EncryptedRecords(engine, keys);
  const shard = new OneShard(engine, key, records);
  await shard.append(batchOf(...numbered(0, 3)));
  keys.renew();
  await Promise.all([shard.append(batchOf('record 3')), shard.append(batchOf('record 4', 'record 5'))]);
  const { batches } = await engine.read(key, { from: 0, since: 0, limit: { records: 10, bytes: 10_000 } });
  assert.equal(batches.length, 3);
  for (const { bytes } of batches) assert.equal(bytes.includes('record'), false);
  for (const from of [0, 1, 4]) assert.deepEqual(await textsOf(shard, from), numbered(from, 6));
});
