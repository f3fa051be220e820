import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type BrokerConnection,
  KafkaConnectionError,
  KafkaError,
  type PartitionOf,
} from '../../../src/env/kafka.ts';
import { Brokers } from '../../../src/log/kafka/brokers.ts';
import { UnavailableError } from '../../../src/log/kafka/client.ts';
import { errorCodes } from '../../../src/log/kafka/error-codes.ts';
import { Topics } from '../../../src/log/kafka/topics.ts';
import { WatchedKafka } from './watched-kafka.ts';
import { KafkaWorld, topic } from './world.ts';

const of = { topic, partition: 0 };

async function endOf(connection: BrokerConnection, partition: PartitionOf) {
  const [answer] = await connection.listOffsets([{ ...partition, time: 'latest' }]);
  return answer!;
}

test('brokers that do not answer are told in one line', async () => {
  const world = new KafkaWorld();
  for (const id of [1, 2, 3]) world.cluster.kill(id);
  await world.run(async () => {
    await assert.rejects(world.client(), (error) => {
      assert.ok(error instanceof UnavailableError);
      assert.match(
        error.message,
        /^No broker answers, of 192\.0\.2\.1:9092, 192\.0\.2\.2:9092, 192\.0\.2\.3:9092: .*refuses the connection$/,
      );
      return true;
    });
  });
});

test('one broker of the list is enough, and one that refuses the credentials ends it', async () => {
  const world = new KafkaWorld();
  world.cluster.kill(1);
  await world.run(async () => {
    const { brokers } = await world.client();
    assert.equal(await brokers.leader(of), undefined);
    const { clock, logger } = world;
    const kafka = {
      crc32c: () => 0,
      connect: () => Promise.reject(new KafkaError(58, 'The credentials are refused.')),
    };
    const opening = Brokers.open({ kafka, clock, logger }, { bootstrap: world.cluster.addresses });
    await assert.rejects(opening, /^KafkaError: The credentials are refused\.$/);
  });
});

test('who leads is asked once by all who want to know, and again where there is doubt', async () => {
  const world = new KafkaWorld();
  await world.run(async () => {
    const { brokers } = await world.clientOf(1);
    const before = requestsOf(brokers);
    const leaders = await Promise.all(Array.from({ length: 50 }, () => brokers.leader(of)));
    assert.equal(new Set(leaders.map((leader) => leader!.broker)).size, 1);
    assert.deepEqual(brokers.knownLeader(of), leaders[0]);
    assert.equal(before.count, 1);
    await brokers.leader(of);
    assert.equal(before.count, 1);
    brokers.doubt(of, leaders[0]!);
    assert.equal(brokers.knownLeader(of), undefined);
    assert.deepEqual(await brokers.leader(of), leaders[0]);
    assert.equal(before.count, 2);
  });
});

test('a leader is asked again, whoever it is by then, and an error that stays is its answer', async () => {
  const world = new KafkaWorld();
  await world.run(async () => {
    const { brokers } = await world.clientOf(1);
    const asked: number[] = [];
    const ask = () =>
      brokers.atLeader(of, 'catch-up', (connection, leader) => {
        asked.push(leader.broker);
        return endOf(connection, of);
      });
    assert.equal((await ask()).offset, 0);
    const former = world.leaderOf(0);
    world.cluster.stop(former);
    assert.equal((await ask()).offset, 0);
    assert.notEqual(asked.at(-1), former);
    const answer = await brokers.atLeader(of, 'catch-up', async () => ({
      error: errorCodes.offsetOutOfRange,
    }));
    assert.equal(answer.error, errorCodes.offsetOutOfRange);
    let refusals = 0;
    await brokers.atLeader(of, 'catch-up', async () => ({
      error: refusals++ < 3 ? errorCodes.notLeaderOrFollower : 0,
    }));
    assert.equal(refusals, 4);
  });
});

test('patience ends: with what the leader answered last, and at once when the caller gives up', async () => {
  const world = new KafkaWorld();
  await world.run(async () => {
    const { brokers } = await world.clientOf(1);
    const begin = world.scheduler.time;
    const never = () => Promise.resolve({ error: errorCodes.fencedLeaderEpoch });
    await assert.rejects(
      brokers.atLeader(of, 'catch-up', never),
      /^UnavailableError: Partition 0 of topic topic: broker \d answers Kafka's error 74\.$/,
    );
    assert.ok(world.scheduler.time - begin < 11_000);
    await assert.rejects(
      brokers.atLeader({ topic: 'missing', partition: 3 }, 'tail 0', never),
      /nobody is known to lead it/,
    );
    await assert.rejects(
      brokers.atLeader(of, 'tail 0', never, AbortSignal.abort(new Error('given up'))),
      /given up/,
    );
    await brokers[Symbol.asyncDispose]();
    await assert.rejects(brokers.atLeader(of, 'tail 0', never), UnavailableError);
  });
});

test('a broker that could not be reached is not tried again at once', async () => {
  const world = new KafkaWorld();
  await world.run(async () => {
    const kafka = new WatchedKafka(world.cluster.client());
    const { brokers } = await world.client({}, kafka);
    world.cluster.kill(2);
    kafka.addresses.length = 0;
    const tries = Array.from({ length: 20 }, () => brokers.connection(2, 'tail 0'));
    for (const one of tries) await assert.rejects(one, KafkaConnectionError);
    assert.equal(kafka.addresses.length, 1);
    for (let attempt = 0; attempt < 100; attempt++) {
      await assert.rejects(brokers.connection(2, 'tail 0'), KafkaConnectionError);
      await world.scheduler.sleep(10);
    }
    assert.ok(kafka.addresses.length < 8, `${kafka.addresses.length} attempts in a second`);
    world.cluster.start(2);
    await world.scheduler.sleep(2000);
    await brokers.connection(2, 'tail 0');
    await assert.rejects(brokers.connection(9, 'tail 0'), KafkaConnectionError);
  });
});

test('brokers that let this client in no more are not asked to all the time', async () => {
  const world = new KafkaWorld();
  await world.run(async () => {
    const kafka = new WatchedKafka(world.cluster.client());
    const { brokers } = await world.client({}, kafka);
    kafka.connect = async (address) => {
      kafka.addresses.push(address);
      throw new KafkaError(58, 'the password is another one by now');
    };
    kafka.addresses.length = 0;
    for (let attempt = 0; attempt < 100; attempt++) {
      await assert.rejects(brokers.connection(2, 'tail 0'), KafkaError);
      await world.scheduler.sleep(10);
    }
    assert.ok(kafka.addresses.length < 8, `${kafka.addresses.length} attempts in a second`);
  });
});

test('topics are made in steps, grow, are set and described, and are gone', async () => {
  const world = new KafkaWorld();
  await world.run(async () => {
    const { brokers } = await world.client();
    const topics = new Topics(brokers);
    const settings = { 'min.insync.replicas': '2' };
    const wanted = { topic, partitions: 2, replication: 3, settings };
    const id = await topics.ensureTopic(wanted);
    assert.equal(await topics.ensureTopic({ ...wanted, partitions: 1 }), id);
    assert.equal(await topics.ensureTopic({ ...wanted, partitions: 4 }), id);
    await topics.alterTopic(topic, { 'retention.ms': '1000' });
    const described = await topics.describeTopic(topic);
    assert.deepEqual([described?.id, described?.partitions, described?.replication], [id, 4, 3]);
    assert.equal(described?.settings['retention.ms'], '1000');
    assert.equal(described?.settings['min.insync.replicas'], '2');
    await topics.deleteTopic(topic);
    await topics.deleteTopic(topic);
    assert.equal(await topics.describeTopic(topic), undefined);
    assert.notEqual(await topics.ensureTopic(wanted), id);
    await assert.rejects(
      topics.alterTopic('missing', {}),
      /^KafkaError: Kafka refuses to alter topic missing with its error 3\.$/,
    );
    await assert.rejects(
      topics.ensureTopic({ ...wanted, topic: 'other', settings: { nonsense: '1' } }),
      KafkaError,
    );
  });
});

test('a topic of more partitions than one request may make is made in several', async () => {
  const world = new KafkaWorld();
  await world.run(async () => {
    const kafka = new WatchedKafka(world.cluster.client());
    const { brokers } = await world.client({}, kafka);
    await new Topics(brokers).ensureTopic({ topic, partitions: 5003, replication: 1, settings: {} });
    assert.deepEqual(kafka.partitions, [5000, 5003]);
  });
});

/** Counts what is asked of brokers. */
function requestsOf(brokers: Brokers): { count: number } {
  const requests = { count: 0 };
  const metadata = brokers.metadata.bind(brokers);
  brokers.metadata = (topics) => {
    requests.count += 1;
    return metadata(topics);
  };
  return requests;
}
