import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type BrokerConnection, KafkaConnectionError, type ProduceAnswer } from '../../src/env/kafka.ts';
import { fetchOf, timeoutMs, valuesOf } from './adapter-suite.ts';
import { type Producer, plainBatch } from './plain-batch.ts';
import type { RealCluster } from './real-cluster.ts';

/** What Millrace relies on when brokers fail: who may acknowledge, and what a repeated batch is answered. */
export function faultsSuite(cluster: RealCluster): void {
  suite('brokers that fail', () => {
    after(() => cluster.heal());

    repeated(cluster);
    alone(cluster);
  });
}

function repeated(cluster: RealCluster): void {
  test('a batch that is sent again over another connection has the offsets of the first time', async () => {
    const topic = await cluster.makeTopic();
    const leader = await cluster.leaderOf(topic, 0);
    const first = await cluster.connect(leader);
    const { id, epoch } = await first.initProducerId();
    const put = (connection: BrokerConnection, sequence: number) =>
      produced(cluster, connection, topic, [`${sequence}`], { id, epoch, sequence });
    assert.deepEqual(short(await put(first, 0)), { error: 0, first: 0 });
    // The connection ends while nobody has seen the answer.
    const lost = assert.rejects(put(first, 1), KafkaConnectionError);
    first.close();
    await lost;
    const second = await cluster.connect(leader);
    // Either it had arrived, and is a repetition, or it arrives now: the offset is the same.
    assert.deepEqual(short(await put(second, 1)), { error: 0, first: 1 });
    assert.deepEqual(short(await put(second, 1)), { error: 0, first: 1 });
    assert.deepEqual(short(await put(second, 0)), { error: 0, first: 0 });
    for (const sequence of [2, 3, 4, 5, 6]) assert.equal((await put(second, sequence)).first, sequence);
    // Brokers remember five batches of a producer. Older ones, and those that would leave a gap, are
    // OUT_OF_ORDER_SEQUENCE_NUMBER: which of both, the error does not say.
    assert.deepEqual(short(await put(second, 2)), { error: 0, first: 2 });
    assert.equal((await put(second, 1)).error, 45);
    assert.equal((await put(second, 9)).error, 45);
    assert.deepEqual(await valuesOf(second, { topic, partition: 0 }), ['0', '1', '2', '3', '4', '5', '6']);
    second.close();
  });
}

function alone(cluster: RealCluster): void {
  test('a leader that was paused while another one took over gets no acknowledgement through', async () => {
    const topic = await cluster.makeTopic();
    const old = await cluster.leaderOf(topic, 0);
    const others = [1, 2, 3].filter((id) => id !== old);
    const zombie = await cluster.connect(old);
    assert.equal((await produced(cluster, zombie, topic, ['before'])).error, 0);
    cluster.pause(old);
    const underWay = produced(cluster, zombie, topic, ['to a zombie']).then(
      short,
      (error: Error) => error.name,
    );
    const successor = await cluster.connect(await cluster.leaderOf(topic, 0, others));
    assert.deepEqual(short(await produced(cluster, successor, topic, ['after'])), { error: 0, first: 1 });
    cluster.resume(old);
    const answer = await underWay;
    assert.notEqual(typeof answer === 'string' ? 'none' : answer.error, 0, JSON.stringify(answer));
    // What the zombie had taken is gone when it follows its successor.
    await cluster.heal();
    assert.deepEqual(await valuesOf(successor, { topic, partition: 0 }), ['before', 'after']);
    for (const connection of [zombie, successor]) connection.close();
  });

  test('a leader that is cut off from the others acknowledges nothing, and follows who took over', async () => {
    const topic = await cluster.makeTopic();
    const old = await cluster.leaderOf(topic, 0);
    const others = [1, 2, 3].filter((id) => id !== old);
    const isolated = await cluster.connect(old);
    assert.equal((await produced(cluster, isolated, topic, ['before'])).error, 0);
    cluster.cut(old);
    const unheard = produced(cluster, isolated, topic, ['to nobody']).then(
      short,
      (error: Error) => error.name,
    );
    const successor = await cluster.connect(await cluster.leaderOf(topic, 0, others));
    assert.deepEqual(short(await produced(cluster, successor, topic, ['after'])), { error: 0, first: 1 });
    await cluster.heal();
    const answer = await unheard;
    assert.notEqual(typeof answer === 'string' ? 'none' : answer.error, 0, JSON.stringify(answer));
    assert.deepEqual(await valuesOf(successor, { topic, partition: 0 }), ['before', 'after']);
    for (const connection of [isolated, successor]) connection.close();
  });

  test('with two of three brokers gone nothing is acknowledged, and work goes on when they return', async () => {
    const topic = await cluster.makeTopic();
    const left = await cluster.leaderOf(topic, 0);
    const gone = [1, 2, 3].filter((id) => id !== left);
    const connection = await cluster.connect(left);
    for (const id of gone) await cluster.kill(id);
    const batches = [{ topic, partition: 0, bytes: plainBatch(cluster.kafka, ['lonely']) }];
    const refused = await connection.produce({ timeoutMs: 500, batches }).catch((error: Error) => error);
    if (!(refused instanceof Error)) assert.notEqual(refused[0]!.error, 0);
    connection.close();
    await cluster.heal();
    const again = await cluster.connect(await cluster.leaderOf(topic, 0));
    const said = await untilTaken(() => produced(cluster, again, topic, ['together']));
    const { partitions } = await again.fetch(fetchOf({ topic, partition: 0 }));
    assert.ok(partitions[0]!.highWatermark > said.first);
    again.close();
  });
}

async function produced(
  cluster: RealCluster,
  connection: BrokerConnection,
  topic: string,
  values: readonly string[],
  producer?: Producer,
): Promise<ProduceAnswer> {
  const batches = [{ topic, partition: 0, bytes: plainBatch(cluster.kafka, values, producer) }];
  const [answer] = await connection.produce({ timeoutMs, batches });
  return answer!;
}

/** Until the replicas are in sync again, a leader has too few of them: NOT_ENOUGH_REPLICAS. */
async function untilTaken(put: () => Promise<ProduceAnswer>): Promise<ProduceAnswer> {
  for (;;) {
    const answer = await put();
    if (answer.error === 0) return answer;
    await pause(50);
  }
}

function short({ error, first }: ProduceAnswer): { error: number; first: number } {
  return { error, first };
}
