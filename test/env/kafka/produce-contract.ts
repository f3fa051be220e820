import assert from 'node:assert/strict';
import { crc32c } from '../../../harness/kafka/crc32c.ts';
import { errorCodes } from '../../../harness/kafka/error-codes.ts';
import { plainBatch } from '../../../harness/kafka/plain-batch.ts';
import { field } from '../../../harness/kafka/stored-batch.ts';
import type { TestOfBrokers } from '../kafka-contract.ts';
import { endOf, fetchOne, put, recordsOf, taken, timeoutMs, valuesOf } from './brokers-under-test.ts';

const stamped = { 'message.timestamp.type': 'LogAppendTime' };

/** Appending: offsets, times, sequences, and what is refused. */
export function produceContract(test: TestOfBrokers): void {
  appending(test);
  counting(test);
  sequences(test);
  refusing(test);
}

function appending(test: TestOfBrokers): void {
  test('batches get offsets in their order, however many are under way', async (brokers) => {
    const topic = await brokers.makeTopic();
    const connection = await brokers.toLeader(topic);
    const batches = [['a', 'b'], ['c'], ['d', 'e', 'f'], ['g']];
    const answers = await Promise.all(batches.map((values) => put(connection, topic, { values })));
    assert.deepEqual(
      answers.map(({ error, first, start }) => [error, first, start]),
      [
        [0, 0, 0],
        [0, 2, 0],
        [0, 3, 0],
        [0, 6, 0],
      ],
    );
    assert.deepEqual(await valuesOf(connection, topic), batches.flat());
  });

  test('a topic that stamps appends answers and stores the time of the broker', async (brokers) => {
    const topic = await brokers.makeTopic(stamped);
    const connection = await brokers.toLeader(topic);
    const answer = await put(connection, topic, { values: ['a', 'b'], time: 1_234 });
    assert.ok(answer.appendedAt > 1_600_000_000_000, `appended at ${answer.appendedAt}`);
    const { bytes } = await fetchOne(connection, topic);
    assert.equal(crc32c(bytes.subarray(field.attributes)), bytes.readUInt32BE(field.crc));
    assert.deepEqual(
      (await recordsOf(connection, topic)).map(({ time }) => time),
      [answer.appendedAt, answer.appendedAt],
    );
  });

  test('other topics keep the producer’s time, and answer none', async (brokers) => {
    const topic = await brokers.makeTopic();
    const connection = await brokers.toLeader(topic);
    const answer = await put(connection, topic, { values: ['a'], time: 1_234_567 });
    assert.equal(answer.appendedAt, -1);
    assert.equal((await recordsOf(connection, topic))[0]!.time, 1_234_567);
  });
}

function counting(test: TestOfBrokers): void {
  test('one of the last five batches of a producer is known again, and answered as before', async (brokers) => {
    const topic = await brokers.makeTopic(stamped);
    const connection = await brokers.toLeader(topic);
    const { id, epoch } = await connection.initProducerId();
    const send = (sequence: number) =>
      put(connection, topic, { values: [`${sequence}`, 'x'], producer: { id, epoch, sequence } });
    const first = [];
    for (const sequence of [0, 2, 4, 6, 8, 10]) first.push(await send(sequence));
    assert.deepEqual(
      first.map(({ error, first: offset }) => [error, offset]),
      [0, 2, 4, 6, 8, 10].map((offset) => [0, offset]),
    );
    for (const index of [5, 1, 3]) assert.deepEqual(await send(2 * index), first[index]);
    assert.equal((await send(0)).error, errorCodes.outOfOrderSequenceNumber);
    assert.equal(await endOf(connection, topic), 12);
  });

  test('a producer leaves no gap, but may begin anywhere', async (brokers) => {
    const topic = await brokers.makeTopic();
    const connection = await brokers.toLeader(topic);
    const { id, epoch } = await connection.initProducerId();
    const send = (sequence: number, count = 1) => {
      const values = Array.from({ length: count }, () => 'x');
      return put(connection, topic, { values, producer: { id, epoch, sequence } });
    };
    assert.equal((await send(7)).error, 0);
    assert.equal((await send(9)).error, errorCodes.outOfOrderSequenceNumber);
    assert.equal((await send(8, 2)).error, 0);
    assert.equal((await send(9)).error, errorCodes.outOfOrderSequenceNumber);
    assert.equal((await send(10)).first, 3);
  });
}

function sequences(test: TestOfBrokers): void {
  test('sequences go on from 0 after the largest', async (brokers) => {
    const topic = await brokers.makeTopic();
    const connection = await brokers.toLeader(topic);
    const { id, epoch } = await connection.initProducerId();
    const send = (sequence: number, values: string[]) =>
      put(connection, topic, { values, producer: { id, epoch, sequence } });
    assert.equal((await send(2 ** 31 - 2, ['a', 'b', 'c'])).error, 0);
    assert.equal((await send(2, ['d'])).error, errorCodes.outOfOrderSequenceNumber);
    assert.equal((await send(1, ['d'])).first, 3);
    assert.equal((await send(2 ** 31 - 2, ['a', 'b', 'c'])).first, 0);
  });

  test('a producer’s later epoch begins from 0, and its earlier one is over', async (brokers) => {
    const topic = await brokers.makeTopic();
    const connection = await brokers.toLeader(topic);
    const { id, epoch } = await connection.initProducerId();
    const send = (ofEpoch: number, sequence: number) =>
      put(connection, topic, { values: ['x'], producer: { id, epoch: ofEpoch, sequence } });
    assert.equal((await send(epoch, 0)).error, 0);
    assert.equal((await send(epoch + 1, 1)).error, errorCodes.outOfOrderSequenceNumber);
    assert.equal((await send(epoch + 1, 0)).error, 0);
    assert.equal((await send(epoch, 1)).error, errorCodes.invalidProducerEpoch);
  });

  test('producers have ids of their own', async (brokers) => {
    const connections = await Promise.all([1, 2, 3, 1].map((id) => brokers.connect(id)));
    const ids = await Promise.all(connections.map((each) => each.initProducerId()));
    assert.equal(new Set(ids.map(({ id }) => id)).size, 4);
  });
}

function refusing(test: TestOfBrokers): void {
  test('a batch that is not right is refused, and nothing of it is there', async (brokers) => {
    const topic = await brokers.makeTopic({ 'max.message.bytes': '2000' });
    const connection = await brokers.toLeader(topic);
    const spoilt = (spoil: (bytes: Buffer) => void, isChecked = true) => {
      const bytes = plainBatch({ values: ['a', 'b'] });
      spoil(bytes);
      if (isChecked) bytes.writeUInt32BE(crc32c(bytes.subarray(field.attributes)), field.crc);
      return put(connection, topic, bytes);
    };
    const flip = (bytes: Buffer) => {
      bytes[bytes.length - 2]! ^= 4;
    };
    assert.equal((await spoilt(flip, false)).error, errorCodes.corruptMessage);
    assert.equal(
      (await spoilt((bytes) => bytes.writeInt32BE(3, field.count))).error,
      errorCodes.invalidRecord,
    );
    assert.equal(
      (await spoilt((bytes) => bytes.writeBigInt64BE(5n, field.first))).error,
      errorCodes.invalidRecord,
    );
    const large = await put(connection, topic, { values: [Buffer.alloc(2_000)] });
    assert.deepEqual([large.error, large.first], [errorCodes.messageTooLarge, -1]);
    assert.equal(await endOf(connection, topic), 0);
  });

  test('a partition that fails does not fail the others of its request', async (brokers) => {
    const topic = await brokers.makeTopic();
    const connection = await brokers.toLeader(topic);
    const bytes = plainBatch({ values: ['a'] });
    const unknown = brokers.newName();
    const answers = await connection.produce({
      timeoutMs,
      batches: [
        { topic: unknown, partition: 0, bytes },
        { topic, partition: 7, bytes },
        { topic, partition: 0, bytes },
      ],
    });
    const errorOf = (name: string, index: number) =>
      answers.find((answer) => answer.topic === name && answer.partition === index)!.error;
    assert.equal(errorOf(unknown, 0), errorCodes.unknownTopicOrPartition);
    assert.equal(errorOf(topic, 7), errorCodes.unknownTopicOrPartition);
    assert.equal(errorOf(topic, 0), 0);
  });

  test('a broker that does not lead says so', async (brokers) => {
    const topic = await brokers.makeTopic();
    const leader = await brokers.leaderOf({ topic, partition: 0 });
    const other = await brokers.connect(brokers.ids.find((id) => id !== leader)!);
    assert.equal((await put(other, topic, { values: ['a'] })).error, errorCodes.notLeaderOrFollower);
    const [offset] = await other.listOffsets([{ topic, partition: 0, time: 'latest' }]);
    assert.equal(offset!.error, errorCodes.notLeaderOrFollower);
    const deleted = await other.deleteRecords({ topic, partition: 0 }, 0);
    assert.equal(deleted.error, errorCodes.notLeaderOrFollower);
  });

  test('a topic that wants more in sync than it has replicas is content with all', async (brokers) => {
    const topic = await brokers.makeTopic({ 'min.insync.replicas': '3' }, 1, 2);
    assert.equal(await taken(await brokers.toLeader(topic), topic, { values: ['a'] }), 0);
  });
}
