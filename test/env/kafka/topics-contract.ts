import assert from 'node:assert/strict';
import { errorCodes } from '../../../harness/kafka/error-codes.ts';
import type { TestOfBrokers } from '../kafka-contract.ts';

/** Metadata, and what makes, changes and deletes topics. */
export function topicsContract(test: TestOfBrokers): void {
  describing(test);
  making(test);
  changing(test);
}

function describing(test: TestOfBrokers): void {
  test('metadata names the brokers, and of the topics asked for who leads and has what', async (brokers) => {
    const topic = await brokers.makeTopic({}, 3);
    const connection = await brokers.connect(1);
    const { clusterId, brokers: known, topics } = await connection.metadata([topic]);
    assert.ok(clusterId.length > 0);
    assert.deepEqual(known.map(({ id }) => id).sort(), [...brokers.ids]);
    for (const { id, host, port } of known) assert.deepEqual({ host, port }, brokers.addresses[id - 1]);
    assert.deepEqual(new Set(known.map(({ rack }) => rack)), new Set(['az1', 'az2', 'az3']));
    const [described] = topics;
    assert.equal(topics.length, 1);
    assert.match(described!.id, /^[0-9a-f]{32}$/);
    assert.deepEqual(
      described!.partitions.map(({ partition }) => partition),
      [0, 1, 2],
    );
    for (const { error, leader, replicas, inSync } of described!.partitions) {
      assert.equal(error, 0);
      assert.ok(replicas.includes(leader));
      assert.equal(new Set(replicas).size, 3);
      assert.deepEqual([...inSync].sort(), [...replicas].sort());
    }
  });

  test('metadata without names looks at no topic, and says of an unknown one that it is none', async (brokers) => {
    await brokers.makeTopic();
    const connection = await brokers.connect(1);
    assert.deepEqual((await connection.metadata([])).topics, []);
    const name = brokers.newName();
    const [unknown] = (await connection.metadata([name])).topics;
    assert.equal(unknown!.topic, name);
    assert.equal(unknown!.error, errorCodes.unknownTopicOrPartition);
    assert.deepEqual(unknown!.partitions, []);
  });
}

function making(test: TestOfBrokers): void {
  test('a topic is made once, and not from what makes none', async (brokers) => {
    const topic = await brokers.makeTopic();
    const connection = await brokers.connect(2);
    const made = (changes: object) =>
      connection.createTopic({
        ...{ topic: brokers.newName(), partitions: 1, replication: 3, settings: {} },
        ...changes,
      });
    assert.equal(await made({ topic }), errorCodes.topicAlreadyExists);
    assert.equal(await made({ topic: 'a/b' }), errorCodes.invalidTopic);
    assert.equal(await made({ replication: 9 }), errorCodes.invalidReplicationFactor);
    assert.equal(await made({ partitions: 0 }), errorCodes.invalidPartitions);
    assert.equal(await made({ settings: { 'no.such.setting': '1' } }), errorCodes.invalidConfig);
    assert.equal(await made({ settings: { 'min.insync.replicas': 'x' } }), errorCodes.invalidConfig);
    assert.equal(await made({ settings: { 'segment.bytes': '1000' } }), errorCodes.invalidConfig);
  });

  test('two topics may not differ by dots and underscores alone', async (brokers) => {
    const connection = await brokers.connect(1);
    const name = brokers.newName();
    const made = (topic: string) =>
      connection.createTopic({ topic, partitions: 1, replication: 1, settings: {} });
    assert.equal(await made(`${name}.x`), 0);
    assert.equal(await made(`${name}_x`), errorCodes.invalidTopic);
  });

  test('a topic grows, and does not shrink', async (brokers) => {
    const topic = await brokers.makeTopic({}, 2);
    const connection = await brokers.connect(1);
    assert.equal(await connection.createPartitions(topic, 4), 0);
    await brokers.leaderOf({ topic, partition: 3 });
    assert.equal(await connection.createPartitions(topic, 4), errorCodes.invalidPartitions);
    assert.equal(await connection.createPartitions(topic, 3), errorCodes.invalidPartitions);
    assert.equal(await connection.createPartitions(brokers.newName(), 3), errorCodes.unknownTopicOrPartition);
  });
}

function changing(test: TestOfBrokers): void {
  test('a topic that is made again is another one', async (brokers) => {
    const topic = await brokers.makeTopic();
    const connection = await brokers.connect(1);
    const idOf = () =>
      brokers.eventually('metadata', async () => {
        const [described] = (await connection.metadata([topic])).topics;
        return described!.error === 0 ? described!.id : undefined;
      });
    const before = await idOf();
    assert.equal(await connection.deleteTopic(topic), 0);
    await brokers.eventually('the topic is gone', async () => {
      const [described] = (await connection.metadata([topic])).topics;
      return described!.error === errorCodes.unknownTopicOrPartition ? true : undefined;
    });
    assert.equal(await connection.deleteTopic(topic), errorCodes.unknownTopicOrPartition);
    const again = await brokers.eventually('the name is free', async () => {
      const error = await connection.createTopic({ topic, partitions: 1, replication: 3, settings: {} });
      return error === 0 ? true : undefined;
    });
    assert.ok(again);
    assert.notEqual(await idOf(), before);
  });

  test('settings are changed one by one, and described with all others', async (brokers) => {
    const topic = await brokers.makeTopic({ 'retention.ms': '1000000', 'min.insync.replicas': '2' });
    const connection = await brokers.connect(3);
    assert.equal(await connection.alterTopic(topic, { 'retention.ms': '2000000' }), 0);
    const { settings } = await brokers.eventually('the setting', async () => {
      const described = await connection.describeTopic(topic);
      return described.settings['retention.ms'] === '2000000' ? described : undefined;
    });
    assert.equal(settings['min.insync.replicas'], '2');
    assert.equal(settings['unclean.leader.election.enable'], 'false');
    assert.equal(settings['message.timestamp.type'], 'CreateTime');
    assert.equal(await connection.alterTopic(topic, { 'retention.ms': 'soon' }), errorCodes.invalidConfig);
    const unknown = brokers.newName();
    assert.equal(
      await connection.alterTopic(unknown, { 'retention.ms': '1' }),
      errorCodes.unknownTopicOrPartition,
    );
    assert.equal((await connection.describeTopic(unknown)).error, errorCodes.unknownTopicOrPartition);
  });
}
