import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OneShard } from '../../../harness/one-shard.ts';
import { batchOf } from '../../../harness/shard-text.ts';
import type { Logger } from '../../../src/env/logger.ts';
import { silentLogger } from '../../../src/env/logger.ts';
import { StartError } from '../../../src/env/start-error.ts';
import { UnavailableError } from '../../../src/log/kafka/client.ts';
import { controlTopic } from '../../../src/log/kafka/control-topic.ts';
import { openKafkaLog } from '../../../src/log/kafka/kafka-log.ts';
import { streamTopic } from '../../../src/log/kafka/stream-topic.ts';
import { type GuardRules, TopicGuard, weaknessOf } from '../../../src/log/kafka/topic-guard.ts';
import { WeakTopicError } from '../../../src/log/log.ts';
import { ManualClock } from '../../services/kinesis/manual-clock.ts';
import { TestClock } from '../world.ts';
import { MemoryClient, MemoryKafka } from './memory-client.ts';
import { AgreedPlaces, MemoryPlaces } from './memory-places.ts';

const hourMs = 3_600_000;
const topic = 'millrace.test.control.catalog';

async function begin(rules: GuardRules = { replicationMin: 3 }) {
  const client = new MemoryClient(new MemoryKafka(new TestClock()));
  await client.ensureTopic(controlTopic(topic, 3));
  const clock = new ManualClock();
  const errors: string[] = [];
  const logger: Logger = {
    ...silentLogger,
    error: (message, fields) => errors.push(`${message}: ${fields?.['weakness']}`),
  };
  const guard = new TopicGuard({ client, clock, logger }, rules);
  return { client, clock, guard, errors, [Symbol.asyncDispose]: () => guard[Symbol.asyncDispose]() };
}

const weakenings: readonly (readonly [setting: string, value: string, wanted: string])[] = [
  ['min.insync.replicas', '1', '2 or more'],
  ['unclean.leader.election.enable', 'true', 'false'],
  ['cleanup.policy', 'compact', 'delete'],
  ['compression.type', 'lz4', 'uncompressed'],
  ['retention.ms', '604800000', '-1'],
  ['retention.bytes', '1000000', '-1'],
  ['max.message.bytes', '1048588', '11534336 or more'],
  ['message.timestamp.type', 'CreateTime', 'LogAppendTime'],
];

for (const [setting, value, wanted] of weakenings) {
  test(`a control topic with ${setting} ${value} is refused in one line`, async () => {
    await using tested = await begin();
    await tested.guard.watch({ topic, kind: 'control' });
    await tested.client.alterTopic(topic, { [setting]: value });
    await assert.rejects(tested.guard.watch({ topic, kind: 'control' }), (error) => {
      assert.ok(error instanceof StartError);
      assert.equal(error.message, `the topic ${topic} has ${setting} ${value}, and ${wanted} is wanted`);
      return true;
    });
  });
}

test('what the topics of streams and of control logs are made with is strong enough', () => {
  for (const [made, kind] of [
    [controlTopic('t', 3), 'control'],
    [streamTopic('test', 's', 4), 'stream'],
  ] as const) {
    const found = { ...made, id: 'id' };
    const demand = { topic: made.topic, kind, ...(kind === 'stream' && { retention: 24 * hourMs }) };
    assert.equal(weaknessOf(found, demand, { replicationMin: 3 }), undefined);
  }
});

test('the topic of a stream keeps its records as long as they are promised', () => {
  const found = { ...streamTopic('test', 's', 4), id: 'id' };
  const demand = { topic: found.topic, kind: 'stream' as const, retention: 48 * hourMs };
  const weakness = `the topic ${found.topic} has retention.ms ${25 * hourMs}, and -1, or ${48 * hourMs} or more, is wanted`;
  assert.equal(weaknessOf(found, demand, { replicationMin: 3 }), weakness);
});

test('fewer replicas are refused unless the operator says that they will do', () => {
  const found = { ...controlTopic(topic, 1), id: 'id' };
  const demand = { topic, kind: 'control' as const };
  const weakness = `the topic ${topic} has replicas 1, and 3 or more is wanted`;
  assert.equal(weaknessOf(found, demand, { replicationMin: 3 }), weakness);
  assert.equal(weaknessOf(found, demand, { replicationMin: 1 }), undefined);
});

test('a topic that is weakened later is logged as an error, takes no writes, and does when it is right again', async () => {
  await using tested = await begin();
  const { client, clock, guard, errors } = tested;
  await guard.watch({ topic, kind: 'control' });
  guard.requireSound(topic);
  await client.alterTopic(topic, { 'unclean.leader.election.enable': 'true' });
  await clock.advance(hourMs);
  const weakness = `the topic ${topic} has unclean.leader.election.enable true, and false is wanted`;
  assert.throws(() => guard.requireSound(topic), new WeakTopicError(weakness));
  assert.deepEqual(errors, [`nothing is written to a topic that is too weak: ${weakness}`]);
  guard.requireSound('another');
  await client.alterTopic(topic, { 'unclean.leader.election.enable': 'false' });
  await clock.advance(60_000);
  guard.requireSound(topic);
  assert.equal(errors.length, 1);
});

test('a topic that somebody deleted, or made anew, takes no writes', async () => {
  await using tested = await begin();
  const { client, clock, guard } = tested;
  await guard.watch({ topic, kind: 'control' });
  const described = client.describeTopic.bind(client);
  client.describeTopic = async () => undefined;
  const looked = guard.look();
  await clock.advance(5_000);
  await looked;
  assert.throws(() => guard.requireSound(topic), /the topic millrace.test.control.catalog is gone/);
  client.describeTopic = async (asked) => ({ ...(await described(asked))!, id: 'another' });
  await guard.look();
  assert.throws(() => guard.requireSound(topic), /was made anew: its id is another, and .* is wanted/);
  await assert.rejects(guard.watch({ topic, kind: 'control', id: 'first' }), StartError);
});

test('while no broker says what a topic is, what was last known counts', async () => {
  await using tested = await begin();
  const { client, clock, guard } = tested;
  await guard.watch({ topic, kind: 'control' });
  client.describeTopic = async () => {
    throw new UnavailableError('no broker answers');
  };
  await clock.advance(hourMs);
  guard.requireSound(topic);
  guard.forget(topic);
  await clock.advance(hourMs);
});

test('puts to a stream whose topic is too weak are refused, and to the others not', async () => {
  await using tested = await begin();
  const { client, clock, guard } = tested;
  const places = new MemoryPlaces(new AgreedPlaces(), client);
  const engine = openKafkaLog({ client, places, clock, cluster: 'test', guard });
  const [weak, sound] = ['weak', 'sound'].map((stream) => new OneShard(engine, { stream, shard: 0 }));
  for (const shard of [weak!, sound!]) await shard.append(batchOf('first'));
  await client.alterTopic('millrace.test.stream.weak', { 'min.insync.replicas': '1' });
  await clock.advance(hourMs);
  await assert.rejects(weak!.append(batchOf('second')), WeakTopicError);
  await sound!.append(batchOf('second'));
  assert.equal((await weak!.position()).end, 1);
  await engine.close();
});
