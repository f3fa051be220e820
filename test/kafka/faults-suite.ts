import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { type PlainBatch, plainBatch } from '../../harness/kafka/plain-batch.ts';
import { type BrokerConnection, KafkaConnectionError, type ProduceAnswer } from '../../src/env/kafka.ts';
import { timeoutMs, valuesOf } from './adapter-suite.ts';
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
      produced(connection, topic, [`${sequence}`], { id, epoch, sequence });
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
    assert.equal((await produced(zombie, topic, ['before'])).error, 0);
    cluster.pause(old);
    const underWay = produced(zombie, topic, ['to a zombie']).then(short, (error: Error) => error.name);
    const successor = await cluster.connect(await cluster.leaderOf(topic, 0, others));
    assert.deepEqual(short(await produced(successor, topic, ['after'])), { error: 0, first: 1 });
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
    assert.equal((await produced(isolated, topic, ['before'])).error, 0);
    cluster.cut(old);
    const unheard = produced(isolated, topic, ['to nobody']).then(short, (error: Error) => error.name);
    const successor = await cluster.connect(await cluster.leaderOf(topic, 0, others));
    assert.deepEqual(short(await produced(successor, topic, ['after'])), { error: 0, first: 1 });
    await cluster.heal();
    const answer = await unheard;
    assert.notEqual(typeof answer === 'string' ? 'none' : answer.error, 0, JSON.stringify(answer));
    assert.deepEqual(await valuesOf(successor, { topic, partition: 0 }), ['before', 'after']);
    for (const connection of [isolated, successor]) connection.close();
  });
}

async function produced(
  connection: BrokerConnection,
  topic: string,
  values: readonly string[],
  producer?: PlainBatch['producer'],
): Promise<ProduceAnswer> {
  const batches = [
    { topic, partition: 0, bytes: plainBatch(producer === undefined ? { values } : { values, producer }) },
  ];
  const [answer] = await connection.produce({ timeoutMs, batches });
  return answer!;
}

function short({ error, first }: ProduceAnswer): { error: number; first: number } {
  return { error, first };
}
