import assert from 'node:assert/strict';
import { errorCodes } from '../../../harness/kafka/error-codes.ts';
import { recordsIn } from '../../../harness/kafka/plain-batch.ts';
import type { FetchedPartition } from '../../../src/env/kafka.ts';
import type { TestOfBrokers } from '../kafka-contract.ts';
import { fetchOf, fetchOne, taken, valuesOf } from './brokers-under-test.ts';

/** Reading: where it begins and ends, how long it waits, sessions, and replicas that are nearer. */
export function fetchContract(test: TestOfBrokers): void {
  reading(test);
  limits(test);
  waiting(test);
  sessions(test);
  replicas(test);
}

function reading(test: TestOfBrokers): void {
  test('what is read begins with the batch that holds the offset', async (brokers) => {
    const topic = await brokers.makeTopic();
    const connection = await brokers.toLeader(topic);
    for (const values of [['a', 'b'], ['c', 'd', 'e'], ['f']]) await taken(connection, topic, { values });
    const read = await fetchOne(connection, topic, 3);
    assert.deepEqual(
      recordsIn(read.bytes).map(({ offset, value }) => [offset, value]),
      [
        [2, 'c'],
        [3, 'd'],
        [4, 'e'],
        [5, 'f'],
      ],
    );
    assert.deepEqual([read.highWatermark, read.start], [6, 0]);
  });

  test('at the end there is nothing, and behind it no offset', async (brokers) => {
    const topic = await brokers.makeTopic();
    const connection = await brokers.toLeader(topic);
    await taken(connection, topic, { values: ['a', 'b'] });
    const atEnd = await fetchOne(connection, topic, 2);
    assert.deepEqual([atEnd.error, atEnd.bytes.length, atEnd.highWatermark], [0, 0, 2]);
    assert.equal((await fetchOne(connection, topic, 3)).error, errorCodes.offsetOutOfRange);
    const unknown = await fetchOne(connection, brokers.newName());
    assert.equal(unknown.error, errorCodes.unknownTopicOrPartition);
  });
}

function limits(test: TestOfBrokers): void {
  test('a batch larger than all limits comes whole if it is the first, else only its beginning', async (brokers) => {
    const topic = await brokers.makeTopic({}, 2);
    const first = await brokers.leaderOf({ topic, partition: 0 });
    const connection = await brokers.connect(first);
    for (let batch = 0; batch < 4; batch++)
      await taken(connection, topic, { values: [Buffer.alloc(1_000, 'x')] });
    const sizeOf = async (bytesMax: number) => {
      const request = fetchOf([{ topic, partition: 0, bytesMax }]);
      return (await connection.fetch(request)).partitions[0]!.bytes.length;
    };
    const all = await sizeOf(1_000_000);
    assert.equal(await sizeOf(1), all / 4);
    assert.equal(await sizeOf(all / 4), all / 4);
    // The broker cuts off where the limit is, in the middle of a batch.
    assert.equal(await sizeOf(all / 2 + 10), all / 2 + 10);
    const inAll = fetchOf([{ topic, partition: 0 }], { bytesMax: 1 });
    assert.equal((await connection.fetch(inAll)).partitions[0]!.bytes.length, all / 4);
  });

  test('only the first partition with records may be over the limit', async (brokers) => {
    const [one, other] = [await brokers.makeTopic({}, 1, 3), await brokers.makeTopic({}, 1, 3)];
    const leader = await brokers.leaderOf({ topic: one, partition: 0 });
    const connection = await brokers.connect(leader);
    await taken(connection, one, { values: [Buffer.alloc(1_000, 'x')] });
    const elsewhere = await brokers.toLeader(other);
    await taken(elsewhere, other, { values: ['y'] });
    if ((await brokers.leaderOf({ topic: other, partition: 0 })) !== leader) return;
    const asked = [one, other].map((topic) => ({ topic, partition: 0 }));
    const { partitions } = await connection.fetch(fetchOf(asked, { bytesMax: 100 }));
    const sizes = partitions.map(({ bytes }) => bytes.length);
    assert.ok(sizes.filter((size) => size > 0).length === 1, `${sizes}`);
  });
}

function waiting(test: TestOfBrokers): void {
  test('a reader at the end waits until there is something', async (brokers) => {
    const topic = await brokers.makeTopic();
    const reader = await brokers.toLeader(topic);
    const writer = await brokers.toLeader(topic);
    let isAnswered = false;
    const waiting = fetchOne(reader, topic, 0, { waitMs: 60_000 }).then((read) => {
      isAnswered = true;
      return read;
    });
    await brokers.sleep(100);
    assert.equal(isAnswered, false);
    await taken(writer, topic, { values: ['a'] });
    const read = await waiting;
    assert.deepEqual(
      recordsIn(read.bytes).map(({ value }) => value),
      ['a'],
    );
  });

  test('a reader waits no longer than it said, and for as many bytes as it said', async (brokers) => {
    const topic = await brokers.makeTopic();
    const connection = await brokers.toLeader(topic);
    assert.equal((await fetchOne(connection, topic, 0, { waitMs: 100 })).bytes.length, 0);
    await taken(connection, topic, { values: ['a'] });
    const some = await fetchOne(connection, topic, 0, { waitMs: 100, bytesMin: 100_000 });
    assert.deepEqual(
      recordsIn(some.bytes).map(({ value }) => value),
      ['a'],
    );
  });

  test('an error is not waited for', async (brokers) => {
    const topic = await brokers.makeTopic();
    const connection = await brokers.toLeader(topic);
    // It would be an hour.
    const read = await fetchOne(connection, topic, 9, { waitMs: 3_600_000 });
    assert.equal(read.error, errorCodes.offsetOutOfRange);
  });
}

function sessions(test: TestOfBrokers): void {
  test('in a session only what has changed is asked and answered', async (brokers) => {
    const topic = await brokers.makeTopic({}, 1);
    const connection = await brokers.toLeader(topic);
    const other = brokers.newName();
    await taken(connection, topic, { values: ['a'] });
    const begun = await connection.fetch(
      fetchOf([{ topic, partition: 0, from: 1 }], { session: { id: 0, epoch: 0 } }),
    );
    assert.equal(begun.error, 0);
    assert.notEqual(begun.sessionId, 0);
    assert.deepEqual(short(begun.partitions), [[topic, 0, 0]]);
    const next = (epoch: number, changes: Parameters<typeof fetchOf>[1] = {}) =>
      connection.fetch(fetchOf([], { session: { id: begun.sessionId, epoch }, ...changes }));
    assert.deepEqual(short((await next(1)).partitions), []);
    await taken(connection, topic, { values: ['b'] });
    assert.deepEqual(short((await next(2)).partitions), [[topic, 0, 1]]);
    // It was not said that it had been read, so it is there again.
    assert.deepEqual(short((await next(3)).partitions), [[topic, 0, 1]]);
    const moved = fetchOf([{ topic, partition: 0, from: 2 }]).partitions;
    assert.deepEqual(short((await next(4, { partitions: moved })).partitions), []);
    const added = fetchOf([{ topic: other, partition: 0 }]).partitions;
    const unknown = await next(5, { partitions: added });
    assert.deepEqual(short(unknown.partitions), [[other, errorCodes.unknownTopicOrPartition, 0]]);
    assert.deepEqual(short((await next(6, { forgotten: [{ topic: other, partition: 0 }] })).partitions), []);
    const forgotten = [{ topic, partition: 0 }];
    assert.deepEqual(short((await next(7, { forgotten })).partitions), []);
  });

  test('a session is another one’s, or none, or at another request: it has to begin anew', async (brokers) => {
    const topic = await brokers.makeTopic();
    const connection = await brokers.toLeader(topic);
    const asked = [{ topic, partition: 0 }];
    const { sessionId } = await connection.fetch(fetchOf(asked, { session: { id: 0, epoch: 0 } }));
    const errorOf = async (id: number, epoch: number) =>
      (await connection.fetch(fetchOf([], { session: { id, epoch } }))).error;
    assert.equal(await errorOf(sessionId, 2), errorCodes.invalidFetchSessionEpoch);
    assert.equal(await errorOf(sessionId ^ 1, 1), errorCodes.fetchSessionIdNotFound);
    assert.equal(await errorOf(sessionId, 1), 0);
    // An end: everything is asked for once more, in no session.
    const { error, sessionId: none } = await connection.fetch(
      fetchOf(asked, { session: { id: sessionId, epoch: -1 } }),
    );
    assert.deepEqual([error, none], [0, 0]);
    assert.equal(await errorOf(sessionId, 2), errorCodes.fetchSessionIdNotFound);
  });

  test('a session goes on over another connection', async (brokers) => {
    const topic = await brokers.makeTopic();
    const connection = await brokers.toLeader(topic);
    const { sessionId } = await connection.fetch(
      fetchOf([{ topic, partition: 0 }], { session: { id: 0, epoch: 0 } }),
    );
    connection.close();
    const again = await brokers.toLeader(topic);
    assert.equal((await again.fetch(fetchOf([], { session: { id: sessionId, epoch: 1 } }))).error, 0);
  });
}

function replicas(test: TestOfBrokers): void {
  test('a reader in the rack of a replica is sent there, and finds the same there', async (brokers) => {
    const topic = await brokers.makeTopic();
    const leader = await brokers.leaderOf({ topic, partition: 0 });
    const connection = await brokers.connect(leader);
    await taken(connection, topic, { values: ['a', 'b'] });
    const { brokers: known } = await connection.metadata([]);
    const near = known.find(({ id }) => id !== leader)!;
    const rackOfLeader = known.find(({ id }) => id === leader)!.rack!;
    assert.equal((await fetchOne(connection, topic, 0, { rack: rackOfLeader })).preferredReplica, -1);
    assert.equal((await fetchOne(connection, topic, 0, { rack: 'az9' })).preferredReplica, -1);
    const sent = await brokers.eventually('the replica is in sync', async () => {
      const read = await fetchOne(connection, topic, 0, { rack: near.rack! });
      return read.preferredReplica >= 0 ? read : undefined;
    });
    assert.deepEqual([sent.preferredReplica, sent.bytes.length], [near.id, 0]);
    const follower = await brokers.connect(near.id);
    await brokers.eventually('the follower has heard the high watermark', async () => {
      const { highWatermark } = await fetchOne(follower, topic, 0, { rack: near.rack! });
      return highWatermark === 2 ? true : undefined;
    });
    assert.deepEqual(await valuesOf(follower, topic), ['a', 'b']);
  });

  test('a broker without a replica has nothing to read', async (brokers) => {
    const topic = await brokers.makeTopic({}, 1, 1);
    const leader = await brokers.leaderOf({ topic, partition: 0 });
    const other = await brokers.connect(brokers.ids.find((id) => id !== leader)!);
    assert.equal((await fetchOne(other, topic)).error, errorCodes.notLeaderOrFollower);
  });
}

function short(partitions: readonly FetchedPartition[]): unknown {
  return partitions.map(({ topic, error, bytes }) => [topic, error, recordsIn(bytes).length]);
}
