import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { CompressionAlgorithms, Producer, type ProducerOptions } from '@platformatic/kafka';
import { OneShard } from '../../harness/one-shard.ts';
import { batchOf, textsOf } from '../../harness/shard-text.ts';
import { silentLogger } from '../../src/env/logger.ts';
import { nodeClock } from '../../src/env/node-clock.ts';
import { recordsOf } from '../../src/kinesis/record.ts';
import { openKafkaClient } from '../../src/log/kafka/kafka-client.ts';
import { openKafkaLog } from '../../src/log/kafka/kafka-log.ts';
import { streamTopicName } from '../../src/log/kafka/stream-topic.ts';
import { AgreedPlaces, MemoryPlaces } from '../log/kafka/memory-places.ts';
import type { RealCluster } from './real-cluster.ts';

type Options = ProducerOptions<Buffer, Buffer, Buffer, Buffer>;

/** Records that others write to the topic of a stream. */
export function foreignSuite(real: RealCluster): void {
  suite('records of other producers, on real brokers', () => {
    test('what is compressed, in whichever way, is read', async () => {
      await using shard = await shardOn(real, 'compressed');
      await shard.append(batchOf('ours'));
      const texts = ['ours'];
      for (const compression of Object.values(CompressionAlgorithms)) {
        const written = [0, 1, 2].map((index) => `${compression} ${index} ${'x'.repeat(1_000)}`);
        texts.push(...written);
        const producer = producerOn(real, { compression });
        await producer.send({ messages: written.map((text) => shard.message(text)) });
        await producer.close();
      }
      await shard.append(batchOf('ours again'));
      assert.deepEqual(await textsOf(shard), [...texts, 'ours again']);
    });

    test('what transactions wrote is read, committed or not, and their marks are not shown', async () => {
      await using shard = await shardOn(real, 'transactional');
      const producer = producerOn(real, { idempotent: true, transactionalId: 'foreign' });
      for (const [text, end] of [
        ['committed', 'commit'],
        ['aborted', 'abort'],
      ] as const) {
        const transaction = await producer.beginTransaction();
        await transaction.send({ messages: [shard.message(text)] });
        await transaction[end]();
      }
      await producer.close();
      await shard.append(batchOf('ours'));
      const batches = await shard.read(0, { records: 100, bytes: 100_000 });
      const read = batches.flatMap((batch) => [...recordsOf(batch)]);
      const texts = read.map(({ data }) => String(data));
      assert.deepEqual(texts, ['committed', 'aborted', 'ours']);
      // A mark takes an offset. That of the last transaction may come after its end was answered.
      const offsets = read.map(({ offset }) => offset);
      assert.deepEqual(offsets.slice(0, 2), [0, 2]);
      assert.ok(offsets[2] === 3 || offsets[2] === 4);
    });
  });
}

function producerOn(real: RealCluster, options: Partial<Options>): Producer {
  return new Producer({ clientId: 'foreign', bootstrapBrokers: real.bootstrap.split(','), ...options });
}

/** A shard of which one gateway has made the topic. */
async function shardOn(real: RealCluster, cluster: string) {
  const { kafka, addresses: bootstrap } = real;
  const world = { kafka, bootstrap, rack: 'az1', clock: nodeClock, logger: silentLogger };
  const client = await openKafkaClient(world);
  const places = new MemoryPlaces(new AgreedPlaces(), client, cluster);
  const engine = openKafkaLog({ client, places, clock: nodeClock, cluster });
  await engine.prepare('foreign', { shards: [0], retention: 24 * 3_600_000 });
  const topic = streamTopicName(cluster, 'foreign');
  const shard = new OneShard(engine, { stream: 'foreign', shard: 0 });
  return Object.assign(shard, {
    message: (text: string) => ({ topic, partition: 0, value: Buffer.from(text) }),
    async [Symbol.asyncDispose]() {
      await engine.close();
      await client[Symbol.asyncDispose]();
    },
  });
}
