import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { FakeCluster } from '../../../harness/kafka/cluster.ts';
import { errorCodes } from '../../../harness/kafka/error-codes.ts';
import { recordsIn } from '../../../harness/kafka/plain-batch.ts';
import { brisk } from '../../../harness/kafka/weather.ts';
import { KafkaConnectionError } from '../../../src/env/kafka.ts';
import {
  Brokers,
  endOf,
  fetchOf,
  fetchOne,
  put,
  taken,
  valuesOf,
} from '../../env/kafka/brokers-under-test.ts';
import { fakeBrokers } from './fake-brokers.ts';

const strong = { 'min.insync.replicas': '2', 'message.timestamp.type': 'LogAppendTime' };

/** Plays with a cluster in which nothing takes time. */
function play(use: (cluster: FakeCluster, brokers: Brokers) => Promise<void>): Promise<void> {
  const { cluster, tested } = fakeBrokers(1);
  return tested.play(async () => {
    const brokers = new Brokers(tested, 'faults');
    await use(cluster, brokers);
    await brokers.close();
  });
}

suite('faults of fake brokers that are asked for', () => {
  test('a connection that is dropped before the append leaves nothing, after it everything', () =>
    play(async (cluster, brokers) => {
      const topic = await brokers.makeTopic(strong);
      const leader = await brokers.leaderOf({ topic, partition: 0 });
      for (const [when, end] of [
        ['before', 0],
        ['after', 1],
      ] as const) {
        cluster.strike(leader, { api: 'produce', when });
        const connection = await brokers.connect(leader);
        await assert.rejects(put(connection, topic, { values: [when] }), KafkaConnectionError);
        await connection.closed;
        assert.equal(await endOf(await brokers.connect(leader), topic), end);
      }
    }));

  test('fetched bytes are cut off or changed, and the log is not', () =>
    play(async (cluster, brokers) => {
      const topic = await brokers.makeTopic(strong);
      const connection = await brokers.toLeader(topic);
      await taken(connection, topic, { values: ['a', 'b'] });
      const { bytes } = await fetchOne(connection, topic);
      cluster.weather.truncate = 1;
      assert.ok((await fetchOne(connection, topic)).bytes.length < bytes.length);
      cluster.weather.truncate = 0;
      cluster.weather.flip = 1;
      const flipped = (await fetchOne(connection, topic)).bytes;
      assert.equal(flipped.length, bytes.length);
      assert.notDeepEqual(flipped, bytes);
      cluster.weather.flip = 0;
      assert.deepEqual((await fetchOne(connection, topic)).bytes, bytes);
    }));

  test('a stale end is one of before', () =>
    play(async (cluster, brokers) => {
      const topic = await brokers.makeTopic(strong);
      const connection = await brokers.toLeader(topic);
      await brokers.sleep(6_000);
      await taken(connection, topic, { values: ['on the disk'] });
      await taken(connection, topic, { values: ['not yet'] });
      cluster.weather.staleEnd = 1;
      assert.equal(await endOf(connection, topic), 1);
      assert.equal((await fetchOne(connection, topic)).highWatermark, 1);
      cluster.weather.staleEnd = 0;
      assert.equal(await endOf(connection, topic), 2);
    }));

  test('a forgotten session has to begin anew', () =>
    play(async (cluster, brokers) => {
      const topic = await brokers.makeTopic(strong);
      const leader = await brokers.leaderOf({ topic, partition: 0 });
      const connection = await brokers.connect(leader);
      const begin = fetchOf([{ topic, partition: 0 }], { session: { id: 0, epoch: 0 } });
      const { sessionId } = await connection.fetch(begin);
      cluster.evictSession(leader, sessionId);
      const { error } = await connection.fetch(fetchOf([], { session: { id: sessionId, epoch: 1 } }));
      assert.equal(error, errorCodes.fetchSessionIdNotFound);
    }));
});

suite('fake brokers whose disks, clocks and memories fail', () => {
  test('of a producer that was forgotten a batch that is sent again is another one', () =>
    play(async (cluster, brokers) => {
      const topic = await brokers.makeTopic(strong);
      const connection = await brokers.toLeader(topic);
      const { id, epoch } = await connection.initProducerId();
      const batch = { values: ['a'], producer: { id, epoch, sequence: 5 } };
      assert.equal(await taken(connection, topic, batch), 0);
      assert.equal(await taken(connection, topic, batch), 0);
      cluster.expireProducer(id);
      assert.equal(await taken(connection, topic, batch), 1);
    }));

  test('a full disk refuses an append, and ends its broker; another one leads', () =>
    play(async (cluster, brokers) => {
      const topic = await brokers.makeTopic(strong);
      const leader = await brokers.leaderOf({ topic, partition: 0 });
      const connection = await brokers.connect(leader);
      cluster.fillDisk(leader, 10);
      assert.equal((await put(connection, topic, { values: ['a'] })).error, errorCodes.kafkaStorageError);
      await connection.closed;
      const others = brokers.ids.filter((id) => id !== leader);
      const next = await brokers.connect(await brokers.leaderOf({ topic, partition: 0 }, others));
      assert.equal(await taken(next, topic, { values: ['b'] }), 0);
      cluster.heal();
      await brokers.eventually('all is whole', async () => cluster.isWhole || undefined);
    }));

  test('a clock that steps back stamps what is appended with an earlier time', () =>
    play(async (cluster, brokers) => {
      const topic = await brokers.makeTopic(strong);
      const leader = await brokers.leaderOf({ topic, partition: 0 });
      const connection = await brokers.connect(leader);
      const { appendedAt } = await put(connection, topic, { values: ['a'] });
      cluster.jumpClock(leader, -3_600_000);
      const earlier = (await put(connection, topic, { values: ['b'] })).appendedAt;
      assert.ok(earlier < appendedAt - 3_000_000);
      const [found] = await connection.listOffsets([{ topic, partition: 0, time: earlier }]);
      assert.equal(found!.offset, 0);
    }));
});

suite('fake brokers that are cut off', () => {
  test('a leader cut off from the others acknowledges nothing, and then has too few', () =>
    play(async (cluster, brokers) => {
      const topic = await brokers.makeTopic(strong);
      const leader = await brokers.leaderOf({ topic, partition: 0 });
      const connection = await brokers.connect(leader);
      cluster.cutOff(leader, 'peers');
      const late = await put(connection, topic, { values: ['a'] }, 1_000);
      assert.equal(late.error, errorCodes.requestTimedOut);
      await brokers.sleep(2 * brisk.lagMs);
      assert.equal((await put(connection, topic, { values: ['b'] })).error, errorCodes.notEnoughReplicas);
      cluster.reconnect(leader, 'peers');
      await brokers.eventually('all is whole', async () => cluster.isWhole || undefined);
      // What timed out was not lost: it turns up.
      assert.deepEqual(await valuesOf(connection, topic), ['a']);
    }));

  test('a leader cut off from the controllers leads on by its own word, and is not believed', () =>
    play(async (cluster, brokers) => {
      const topic = await brokers.makeTopic(strong);
      const leader = await brokers.leaderOf({ topic, partition: 0 });
      const old = await brokers.connect(leader);
      await taken(old, topic, { values: ['before'] });
      cluster.cutOff(leader, 'controller');
      const others = brokers.ids.filter((id) => id !== leader);
      const next = await brokers.connect(await brokers.leaderOf({ topic, partition: 0 }, others));
      await taken(next, topic, { values: ['after'] });
      const [described] = (await old.metadata([topic])).topics;
      assert.equal(described!.partitions[0]!.leader, leader);
      // Its end is stale, and its own appends never settle.
      assert.equal(await endOf(old, topic), 1);
      const lost = await put(old, topic, { values: ['lost'] }, 1_000);
      assert.equal(lost.error, errorCodes.requestTimedOut);
      assert.deepEqual(await valuesOf(old, topic), ['before']);
      cluster.reconnect(leader, 'controller');
      await brokers.eventually('all is whole', async () => cluster.isWhole || undefined);
      assert.equal((await put(old, topic, { values: ['x'] })).error, errorCodes.notLeaderOrFollower);
      assert.deepEqual(await valuesOf(old, topic), ['before', 'after']);
    }));

  test('a new leader answers no end before it is sure of one (KIP-207)', () =>
    play(async (cluster, brokers) => {
      const topic = await brokers.makeTopic(strong);
      const leader = await brokers.leaderOf({ topic, partition: 0 });
      const connection = await brokers.connect(leader);
      // Followers have the records, and have not heard yet that all have them.
      cluster.weather.peerDelayMax = 100;
      await taken(connection, topic, { values: ['a'] });
      const others = brokers.ids.filter((id) => id !== leader);
      for (const id of others) cluster.cutOff(id, 'peers');
      cluster.kill(leader);
      const next = await brokers.eventually('another leader', async () => {
        const { leader: elected } = cluster.placementOf({ topic, partition: 0 })!;
        return others.includes(elected) ? elected : undefined;
      });
      const successor = await brokers.connect(next);
      const [end] = await successor.listOffsets([{ topic, partition: 0, time: 'latest' }]);
      assert.equal(end!.error, errorCodes.offsetNotAvailable);
      for (const id of others) cluster.reconnect(id, 'peers');
      assert.equal(await brokers.leaderOf({ topic, partition: 0 }, others), next);
      assert.equal(await endOf(successor, topic), 1);
    }));

  test('clients that are cut off from a broker hear of it when they are connected again', () =>
    play(async (cluster, brokers) => {
      const topic = await brokers.makeTopic(strong);
      const leader = await brokers.leaderOf({ topic, partition: 0 });
      const connection = await brokers.connect(leader);
      cluster.cutOff(leader, 'clients');
      const answer = put(connection, topic, { values: ['a'] });
      await brokers.sleep(1_000);
      cluster.reconnect(leader, 'clients');
      assert.equal((await answer).error, 0);
    }));
});

suite('fake brokers without all that was written', () => {
  /** The last in sync has a record that the others lack, and is gone. */
  const lastGone = async (cluster: FakeCluster, brokers: Brokers, unclean: string) => {
    const settings = { 'min.insync.replicas': '1', 'unclean.leader.election.enable': unclean };
    const topic = await brokers.makeTopic(settings);
    const leader = await brokers.leaderOf({ topic, partition: 0 });
    const connection = await brokers.connect(leader);
    const others = brokers.ids.filter((id) => id !== leader);
    await taken(connection, topic, { values: ['all have it'] });
    for (const id of others) cluster.cutOff(id, 'peers');
    await brokers.eventually(
      'one has it',
      async () => (await put(connection, topic, { values: ['one has it'] }, 1_000)).error === 0 || undefined,
    );
    cluster.kill(leader);
    for (const id of others) cluster.reconnect(id, 'peers');
    await brokers.sleep(10_000);
    return { topic, leader, others };
  };

  test('one of them leads where the topic allows it, and records are lost', () =>
    play(async (cluster, brokers) => {
      const { topic, others } = await lastGone(cluster, brokers, 'true');
      const next = await brokers.connect(await brokers.leaderOf({ topic, partition: 0 }, others));
      assert.deepEqual(await valuesOf(next, topic), ['all have it']);
    }));

  test('none of them leads otherwise, until the last one is back', () =>
    play(async (cluster, brokers) => {
      const { topic, leader, others } = await lastGone(cluster, brokers, 'false');
      const [described] = (await (await brokers.connect(others[0]!)).metadata([topic])).topics;
      const [partition] = described!.partitions;
      assert.deepEqual([partition!.leader, partition!.error], [-1, errorCodes.leaderNotAvailable]);
      cluster.start(leader);
      const again = await brokers.connect(await brokers.leaderOf({ topic, partition: 0 }));
      const values = await valuesOf(again, topic);
      assert.equal(values[0], 'all have it');
      assert.ok(values.includes('one has it'));
    }));
});

suite('fake brokers that come back', () => {
  test('a power cut takes what was not on the disk, and the broker is not in sync when it comes back', () =>
    play(async (cluster, brokers) => {
      const topic = await brokers.makeTopic(strong);
      const leader = await brokers.leaderOf({ topic, partition: 0 });
      const connection = await brokers.connect(leader);
      for (let index = 0; index < 50; index++) await taken(connection, topic, { values: [`${index}`] });
      cluster.cutPower(leader);
      const [replica] = [...cluster.broker(leader).replicas];
      assert.ok(replica!.log.end < 50, `${replica!.log.end} of 50 left`);
      cluster.start(leader);
      await brokers.eventually('another leader', async () => {
        const placement = cluster.placementOf({ topic, partition: 0 })!;
        return (placement.leader !== leader && placement.leader > 0) || undefined;
      });
      await brokers.eventually('all is whole', async () => cluster.isWhole || undefined);
      assert.equal(replica!.log.end, 50);
      assert.equal(recordsIn((await fetchOne(await brokers.toLeader(topic), topic)).bytes).length, 50);
    }));

  test('a leader that wrote nothing follows the one after it', () =>
    play(async (cluster, brokers) => {
      const topic = await brokers.makeTopic(strong);
      await taken(await brokers.toLeader(topic), topic, { values: ['a'] });
      for (let round = 0; round < 3; round++) {
        const leader = await brokers.leaderOf({ topic, partition: 0 });
        cluster.kill(leader);
        const others = brokers.ids.filter((id) => id !== leader);
        await brokers.leaderOf({ topic, partition: 0 }, others);
        cluster.start(leader);
        await brokers.eventually('all is whole', async () => cluster.isWhole || undefined);
      }
      assert.equal(await taken(await brokers.toLeader(topic), topic, { values: ['b'] }), 1);
    }));

  test('segments go when all in them is too old, and readers find no offset there', () =>
    play(async (_cluster, brokers) => {
      const topic = await brokers.makeTopic({ ...strong, 'retention.ms': '60000', 'segment.ms': '10000' });
      const connection = await brokers.toLeader(topic);
      for (let index = 0; index < 10; index++) {
        await taken(connection, topic, { values: [`${index}`] });
        await brokers.sleep(11_000);
      }
      const [earliest] = await connection.listOffsets([{ topic, partition: 0, time: 'earliest' }]);
      assert.ok(earliest!.offset > 0 && earliest!.offset < 10, `${earliest!.offset}`);
      assert.equal((await fetchOne(connection, topic, 0)).error, errorCodes.offsetOutOfRange);
    }));
});
