import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { BrokerConnection, PartitionOf } from '../../src/env/kafka.ts';
import { silentLogger } from '../../src/env/logger.ts';
import { nodeClock } from '../../src/env/node-clock.ts';
import { encodeBatch, recordsOf } from '../../src/kinesis/record.ts';
import { Brokers } from '../../src/log/kafka/brokers.ts';
import { UnavailableError } from '../../src/log/kafka/client.ts';
import { errorCodes } from '../../src/log/kafka/error-codes.ts';
import { Producer } from '../../src/log/kafka/producer.ts';
import { sign } from '../../src/log/kafka/record-batch.ts';
import { decodeRecordBatches } from '../../src/log/kafka/record-batch-reader.ts';
import { encodeRecordBatch } from '../../src/log/kafka/record-batch-writer.ts';
import { Topics } from '../../src/log/kafka/topics.ts';
import { isLong } from '../length.ts';
import type { RealCluster } from './real-cluster.ts';

const partitions = 6;

/** The producer and the topics of Millrace on real brokers, while these fail. */
export function producerSuite(cluster: RealCluster): void {
  suite('the producer', () => {
    test('what is acknowledged is there once and in order, whatever brokers do', {
      timeout: 300_000,
      // Fake brokers do more, each time.
      skip: isLong ? false : 'npm test -- long runs it',
    }, async () => {
      const topic = await cluster.makeTopic(partitions);
      await using brokers = await openBrokers(cluster);
      const producer = new Producer(brokers, { crc32c: cluster.kafka.crc32c, logger: silentLogger });
      const sent: Sent[] = [];
      const faults = fail(cluster, topic);
      let isOver = false;
      const ended = faults.finally(() => {
        isOver = true;
      });
      while (!isOver) {
        sent.push(append(producer, { topic, partition: sent.length % partitions }, `${sent.length}`));
        await pause(2);
      }
      await ended;
      await Promise.all(sent.map(({ first }) => first));
      for (let partition = 0; partition < partitions; partition += 1) {
        await producer.append({ topic, partition }, { mark: 'end' });
        const there = await read(cluster, brokers, { topic, partition });
        await compare(
          there,
          sent.filter(({ of }) => of.partition === partition),
        );
      }
      await producer[Symbol.asyncDispose]();
    });

    test('a later epoch of a producer is taken, and an earlier one refused from then on', async () => {
      const topic = await cluster.makeTopic();
      await using brokers = await openBrokers(cluster);
      const { id } = await brokers.anywhere((connection) => connection.initProducerId());
      const of = { topic, partition: 0 };
      const produce = async (epoch: number, sequence: number) => {
        const bytes = encodeRecordBatch([batchOf(`${epoch} ${sequence}`)], Date.now());
        sign(bytes, { id, epoch, sequence }, cluster.kafka.crc32c);
        const ask = async (connection: BrokerConnection) =>
          (await connection.produce({ timeoutMs: 30_000, batches: [{ ...of, bytes }] }))[0]!;
        const { error, first } = await brokers.atLeader(of, 'produce 0', ask);
        return { error, first };
      };
      assert.deepEqual(await produce(0, 0), { error: 0, first: 0 });
      assert.deepEqual(await produce(1, 0), { error: 0, first: 1 });
      assert.deepEqual(await produce(1, 1), { error: 0, first: 2 });
      assert.deepEqual(await produce(1, 1), { error: 0, first: 2 });
      assert.equal((await produce(0, 1)).error, errorCodes.invalidProducerEpoch);
      assert.equal((await produce(2, 5)).error, errorCodes.outOfOrderSequenceNumber);
      assert.deepEqual(await produce(2, 0), { error: 0, first: 3 });
    });

    test('a topic grows, is set, described and deleted', async () => {
      await using brokers = await openBrokers(cluster);
      const topics = new Topics(brokers);
      const settings = { 'min.insync.replicas': '2' };
      const wanted = { topic: 'grown', partitions: 2, replication: 3, settings };
      const id = await topics.ensureTopic(wanted);
      assert.equal(await topics.ensureTopic({ ...wanted, partitions: 5 }), id);
      await topics.alterTopic('grown', { 'retention.ms': '86400000' });
      const described = await topics.describeTopic('grown');
      assert.deepEqual([described?.id, described?.partitions, described?.replication], [id, 5, 3]);
      await topics.deleteTopic('grown');
      await topics.deleteTopic('grown');
    });
  });
}

/** Text, where it was to be, and where it is: undefined when nobody knows. */
type Sent = { readonly text: string; readonly of: PartitionOf; readonly first: Promise<number | undefined> };

function openBrokers(cluster: RealCluster): Promise<Brokers> {
  const env = { kafka: cluster.kafka, clock: nodeClock, logger: silentLogger };
  return Brokers.open(env, { bootstrap: cluster.addresses });
}

function append(producer: Producer, of: PartitionOf, text: string): Sent {
  const first = producer.append(of, batchOf(text)).then(
    (appended) => appended.first,
    (error) => {
      assert.ok(error instanceof UnavailableError, `${error}`);
      return undefined;
    },
  );
  return { text, of, first };
}

function batchOf(text: string) {
  return encodeBatch([{ partitionKey: 'key', data: Buffer.from(text) }]);
}

/** A leader is killed, another one stands still until it has been replaced. */
async function fail(cluster: RealCluster, topic: string): Promise<void> {
  await pause(300);
  await cluster.kill(await cluster.leaderOf(topic, 0));
  const second = await cluster.leaderOf(topic, 0);
  await cluster.heal();
  cluster.pause(second);
  await cluster.leaderOf(
    topic,
    0,
    [1, 2, 3].filter((id) => id !== second),
  );
  cluster.resume(second);
  await cluster.heal();
  await pause(300);
}

/** Texts by their offsets. */
async function read(cluster: RealCluster, brokers: Brokers, of: PartitionOf): Promise<Map<number, string>> {
  const there = new Map<number, string>();
  const limits = { waitMs: 0, bytesMin: 0, bytesMax: 2 ** 20, rack: '', session: { id: 0, epoch: -1 } };
  for (let from = 0; ; ) {
    const ask = async (connection: BrokerConnection) => {
      const partitions = [{ ...of, from, bytesMax: 2 ** 20 }];
      return (await connection.fetch({ ...limits, partitions, forgotten: [] })).partitions[0]!;
    };
    const answer = await brokers.atLeader(of, 'catch-up', ask);
    assert.equal(answer.error, 0);
    const { batches, end } = decodeRecordBatches(answer.bytes, { of, from }, cluster.kafka.crc32c);
    for (const batch of batches)
      for (const { offset, data } of recordsOf(batch)) there.set(offset, String(data));
    if (end === from) return there;
    from = end;
  }
}

async function compare(there: ReadonlyMap<number, string>, sent: readonly Sent[]): Promise<void> {
  assert.equal(new Set(there.values()).size, there.size, 'nothing is there twice');
  let last = -1;
  for (const { text, first } of sent) {
    const offset = await first;
    if (offset === undefined) continue;
    assert.equal(there.get(offset), text, `${text} is where it was said to be`);
    assert.ok(offset > last, `${text} is behind what was called before`);
    last = offset;
  }
  assert.ok(last >= 0);
}
