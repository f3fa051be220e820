import assert from 'node:assert/strict';
import { errorCodes } from '../../../harness/kafka/error-codes.ts';
import { KafkaConnectionError } from '../../../src/env/kafka.ts';
import type { TestOfBrokers } from '../kafka-contract.ts';
import { endOf, fetchOne, put, taken, valuesOf } from './brokers-under-test.ts';

const strong = { 'min.insync.replicas': '2', 'message.timestamp.type': 'LogAppendTime' };

/** How connections end. */
export function connectionsContract(test: TestOfBrokers): void {
  test('a closed connection rejects what is under way, and whatever comes', async (brokers) => {
    const topic = await brokers.makeTopic();
    const connection = await brokers.toLeader(topic);
    const waiting = assert.rejects(fetchOne(connection, topic, 0, { waitMs: 60_000 }), KafkaConnectionError);
    connection.close();
    await waiting;
    await connection.closed;
    await assert.rejects(connection.metadata([]), KafkaConnectionError);
    connection.close();
  });

  test('nobody answers where no broker is', async (brokers) => {
    await assert.rejects(brokers.kafka.connect({ host: '127.0.0.1', port: 1 }), KafkaConnectionError);
  });

  test('requests of a connection are worked on one after the other', async (brokers) => {
    const topic = await brokers.makeTopic();
    const connection = await brokers.toLeader(topic);
    const order: string[] = [];
    const waiting = fetchOne(connection, topic, 0, { waitMs: 200 }).then(() => order.push('fetch'));
    const second = connection.metadata([]).then(() => order.push('metadata'));
    await Promise.all([waiting, second]);
    assert.deepEqual(order, ['fetch', 'metadata']);
  });
}

/** What brokers promise when some of them fail. */
export function faultsContract(test: TestOfBrokers): void {
  killing(test);
  sleeping(test);
  missing(test);
}

function killing(test: TestOfBrokers): void {
  test('when a leader is killed another one has what was acknowledged, and goes on', async (brokers) => {
    const topic = await brokers.makeTopic(strong);
    const leader = await brokers.leaderOf({ topic, partition: 0 });
    const connection = await brokers.connect(leader);
    const { id, epoch } = await connection.initProducerId();
    const batch = (sequence: number) => ({ values: [`${sequence}`], producer: { id, epoch, sequence } });
    for (const sequence of [0, 1, 2]) assert.equal(await taken(connection, topic, batch(sequence)), sequence);
    const waiting = fetchOne(connection, topic, 3, { waitMs: 60_000 });
    const rejected = assert.rejects(waiting, KafkaConnectionError);
    await brokers.faults.kill(leader);
    await rejected;
    await connection.closed;
    const others = brokers.ids.filter((each) => each !== leader);
    const next = await brokers.leaderOf({ topic, partition: 0 }, others);
    const again = await brokers.connect(next);
    const [described] = (await again.metadata([topic])).topics;
    assert.ok(described!.partitions[0]!.leaderEpoch > 0);
    assert.equal(await endOf(again, topic), 3);
    // The new leader knows the producer, too.
    assert.equal(await taken(again, topic, batch(1)), 1);
    assert.equal(await taken(again, topic, batch(3)), 3);
    assert.deepEqual(await valuesOf(again, topic), ['0', '1', '2', '3']);
  });

  test('a broker that was killed is in sync again some time after it started', async (brokers) => {
    const topic = await brokers.makeTopic(strong);
    const leader = await brokers.leaderOf({ topic, partition: 0 });
    const follower = brokers.ids.find((id) => id !== leader)!;
    const connection = await brokers.connect(leader);
    const inSync = async () => {
      const [described] = (await connection.metadata([topic])).topics;
      return described!.partitions[0]!.inSync;
    };
    await brokers.faults.kill(follower);
    await brokers.eventually(
      'it is not in sync',
      async () => !(await inSync()).includes(follower) || undefined,
    );
    await taken(connection, topic, { values: ['meanwhile'] });
    await brokers.faults.start(follower);
    await brokers.eventually('it is in sync', async () => (await inSync()).includes(follower) || undefined);
    const copy = await brokers.connect(follower);
    await brokers.eventually('it has what was written meanwhile', async () => {
      const { highWatermark } = await fetchOne(copy, topic);
      return highWatermark === 1 || undefined;
    });
    assert.deepEqual(await valuesOf(copy, topic), ['meanwhile']);
  });
}

function sleeping(test: TestOfBrokers): void {
  test('a leader that slept while another one took over acknowledges nothing', async (brokers) => {
    const topic = await brokers.makeTopic(strong);
    const leader = await brokers.leaderOf({ topic, partition: 0 });
    const zombie = await brokers.connect(leader);
    await taken(zombie, topic, { values: ['before'] });
    await brokers.faults.pause(leader);
    // Its answer may come when the broker goes on, or never.
    const late = put(zombie, topic, { values: ['to the zombie'] }).catch(() => undefined);
    const others = brokers.ids.filter((id) => id !== leader);
    const connection = await brokers.connect(await brokers.leaderOf({ topic, partition: 0 }, others));
    assert.equal(await taken(connection, topic, { values: ['after'] }), 1);
    await brokers.faults.resume(leader);
    const answer = await late;
    // Its answer says where the batch stood that is gone now, but not that it stays.
    if (answer !== undefined)
      assert.deepEqual([answer.error, answer.first], [errorCodes.notLeaderOrFollower, 1]);
    assert.deepEqual(await valuesOf(connection, topic), ['before', 'after']);
    const again = await brokers.connect(leader);
    await brokers.eventually('the zombie has what its successor has', async () => {
      const { error, highWatermark } = await fetchOne(again, topic);
      return (error === 0 && highWatermark === 2) || undefined;
    });
    assert.deepEqual(await valuesOf(again, topic), ['before', 'after']);
  });
}

function missing(test: TestOfBrokers): void {
  test('too few in sync acknowledge nothing, and everything goes on when they are back', async (brokers) => {
    const topic = await brokers.makeTopic(strong);
    const leader = await brokers.leaderOf({ topic, partition: 0 });
    const connection = await brokers.connect(leader);
    await taken(connection, topic, { values: ['before'] });
    const others = brokers.ids.filter((id) => id !== leader);
    for (const id of others) await brokers.faults.kill(id);
    // Until the controllers, of which two are gone, too, have come to know: it just takes too long.
    const alone = await put(connection, topic, { values: ['alone'] }, 1_000).catch(() => undefined);
    if (alone?.error === errorCodes.requestTimedOut) assert.equal(alone.first, 1, 'it stands there');
    else if (alone !== undefined)
      assert.deepEqual([alone.error, alone.first], [errorCodes.notEnoughReplicas, -1]);
    for (const id of others) await brokers.faults.start(id);
    const first = await brokers.eventually('it is written again', async () => {
      const again = await brokers.toLeader(topic);
      const { error, first: offset } = await put(again, topic, { values: ['together'] });
      return error === 0 ? offset : undefined;
    });
    assert.ok(first >= 1);
    const values = await valuesOf(await brokers.toLeader(topic), topic);
    assert.equal(values[0], 'before');
    assert.equal(values[first], 'together');
  });

  test('a request to a broker that sleeps is given up, and so is its connection', async (brokers) => {
    const topic = await brokers.makeTopic(strong);
    const leader = await brokers.leaderOf({ topic, partition: 0 });
    const connection = await brokers.connect(leader);
    await brokers.faults.pause(leader);
    await assert.rejects(put(connection, topic, { values: ['a'] }, 200), KafkaConnectionError);
    await connection.closed;
    await brokers.faults.resume(leader);
  });
}
