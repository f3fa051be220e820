import assert from 'node:assert/strict';
import { errorCodes } from '../../../harness/kafka/error-codes.ts';
import type { TestOfBrokers } from '../kafka-contract.ts';
import { endOf, fetchOf, fetchOne, put, taken } from './brokers-under-test.ts';

/** Offsets by time and by name, and records that are deleted. */
export function offsetsContract(test: TestOfBrokers): void {
  test('offsets are found by their place, and by the time of records', async (brokers) => {
    const topic = await brokers.makeTopic();
    const connection = await brokers.toLeader(topic);
    const base = 1_700_000_000_000;
    for (const [index, after] of [100, 300, 200, 400].entries())
      await taken(connection, topic, { values: [`${index}`, 'x'], time: base + after });
    const ask = (time: number | 'earliest' | 'latest') => ({ topic, partition: 0, time });
    const times = [0, 100, 101, 300, 301, 400, 401].map((after) => ask(base + after));
    const answers = (await Promise.all(times.map((time) => connection.listOffsets([time])))).flat();
    // The first at or after the time in the order of offsets, not of times.
    assert.deepEqual(
      answers.map(({ error, offset }) => [error, offset]),
      [0, 0, 2, 2, 6, 6, -1].map((offset) => [0, offset]),
    );
    assert.deepEqual(
      (await connection.listOffsets([ask('earliest')])).map(({ offset }) => offset),
      [0],
    );
    assert.equal(await endOf(connection, topic), 8);
  });

  test('the time of an append finds it, and the millisecond after does not', async (brokers) => {
    const topic = await brokers.makeTopic({ 'message.timestamp.type': 'LogAppendTime' });
    const connection = await brokers.toLeader(topic);
    await taken(connection, topic, { values: ['a'] });
    await brokers.sleep(50);
    const { appendedAt, first } = await put(connection, topic, { values: ['b', 'c'] });
    const at = async (time: number) =>
      (await connection.listOffsets([{ topic, partition: 0, time }]))[0]!.offset;
    assert.equal(await at(appendedAt), first);
    assert.equal(await at(appendedAt + 1), -1);
  });

  test('a partition is asked about once in a request', async (brokers) => {
    const topic = await brokers.makeTopic({}, 2);
    const connection = await brokers.toLeader(topic);
    const ask = (partition: number, time: 'earliest' | 'latest') => ({ topic, partition, time });
    const answers = await connection.listOffsets([ask(0, 'latest'), ask(0, 'earliest')]);
    assert.deepEqual(answers, [{ topic, partition: 0, error: errorCodes.invalidRequest, offset: -1 }]);
  });

  test('a leader that does not know of the epoch that is asked of says so', async (brokers) => {
    const topic = await brokers.makeTopic();
    const connection = await brokers.toLeader(topic);
    const { leaderEpoch } = (await connection.metadata([topic])).topics[0]!.partitions[0]!;
    for (const [epoch, error] of [
      [leaderEpoch, errorCodes.none],
      [leaderEpoch + 1, errorCodes.unknownLeaderEpoch],
    ] as const) {
      const of = { topic, partition: 0, leaderEpoch: epoch };
      const [answer] = await connection.listOffsets([{ ...of, time: 'latest' }]);
      const fetched = await connection.fetch(fetchOf([of]));
      assert.deepEqual([answer!.error, fetched.partitions[0]!.error], [error, error]);
    }
  });

  test('a partition that is not there has no offsets', async (brokers) => {
    const topic = await brokers.makeTopic();
    const connection = await brokers.toLeader(topic);
    const answers = await connection.listOffsets([
      { topic, partition: 5, time: 'latest' },
      { topic: brokers.newName(), partition: 0, time: 'earliest' },
    ]);
    for (const { error, offset } of answers)
      assert.deepEqual([error, offset], [errorCodes.unknownTopicOrPartition, -1]);
  });
  deletions(test);
}

function deletions(test: TestOfBrokers): void {
  test('deleted records are gone, and the others keep their offsets', async (brokers) => {
    const topic = await brokers.makeTopic();
    const connection = await brokers.toLeader(topic);
    for (const values of [['a', 'b'], ['c', 'd'], ['e']]) await taken(connection, topic, { values });
    const deleted = await connection.deleteRecords({ topic, partition: 0 }, 3);
    assert.deepEqual(deleted, { topic, partition: 0, error: 0, offset: 3 });
    const [earliest] = await connection.listOffsets([{ topic, partition: 0, time: 'earliest' }]);
    assert.equal(earliest!.offset, 3);
    assert.equal((await fetchOne(connection, topic, 2)).error, errorCodes.offsetOutOfRange);
    const read = await fetchOne(connection, topic, 3);
    assert.deepEqual([read.start, read.highWatermark], [3, 5]);
    // The batch is still whole: what was deleted of it is for the reader to leave out.
    assert.equal(Number(read.bytes.readBigInt64BE(0)), 2);
    assert.equal((await put(connection, topic, { values: ['f'] })).start, 3);
    assert.equal((await connection.deleteRecords({ topic, partition: 0 }, 2)).offset, 3);
    const beyond = await connection.deleteRecords({ topic, partition: 0 }, 99);
    assert.equal(beyond.error, errorCodes.offsetOutOfRange);
    assert.equal((await connection.deleteRecords({ topic, partition: 0 }, 6)).offset, 6);
    assert.equal(await taken(connection, topic, { values: ['g'] }), 6);
  });

  test('nothing is deleted where records are only compacted', async (brokers) => {
    const topic = await brokers.makeTopic({ 'cleanup.policy': 'compact' });
    const connection = await brokers.toLeader(topic);
    const deleted = await connection.deleteRecords({ topic, partition: 0 }, 0);
    assert.equal(deleted.error, errorCodes.policyViolation);
  });
}
