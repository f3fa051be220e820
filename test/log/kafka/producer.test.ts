import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KafkaConnectionError, KafkaError, type ProduceAnswer } from '../../../src/env/kafka.ts';
import { UnavailableError } from '../../../src/log/kafka/client.ts';
import { errorCodes } from '../../../src/log/kafka/error-codes.ts';
import { DamagedError, OverloadedError } from '../../../src/log/log.ts';
import { WatchedKafka } from './watched-kafka.ts';
import { batchOf, KafkaWorld, topic } from './world.ts';

const at = (partition: number) => ({ topic, partition });

/** Runs in a world of its own, with a client of a topic of so many partitions. */
function inWorld(
  title: string,
  partitions: number,
  run: (
    world: KafkaWorld,
    client: Awaited<ReturnType<KafkaWorld['client']>>,
    kafka: WatchedKafka,
  ) => Promise<void>,
  options: Parameters<KafkaWorld['client']>[0] = {},
): void {
  test(title, () => {
    const world = new KafkaWorld();
    const kafka = new WatchedKafka(world.cluster.client());
    return world.run(async () => run(world, await world.clientOf(partitions, options, kafka), kafka));
  });
}

const refusal = (error: number): ProduceAnswer => ({ ...at(0), error, first: -1, appendedAt: -1, start: -1 });

inWorld(
  'appends are stored in the order of the calls, and answer where and when',
  2,
  async (world, client) => {
    const { producer } = client;
    const appended = await Promise.all([
      producer.append(at(0), batchOf('a', 'b')),
      producer.append(at(0), { mark: 'between' }),
      producer.append(at(1), batchOf('x')),
      producer.append(at(0), batchOf('c')),
    ]);
    assert.deepEqual(
      appended.map(({ first }) => first),
      [0, 2, 0, 3],
    );
    for (const { arrival } of appended) assert.ok(Math.abs(arrival - world.clock.now()) < 1000);
    const expected = [0, 1, 3].map((offset, index) => [offset, 'abc'[index]]);
    assert.deepEqual(await world.read(client, 0), expected);
  },
);

inWorld(
  'appends of a turn share a request for each leader, and later ones wait a little',
  6,
  async (world, { producer }, kafka) => {
    const leaders = new Set([0, 1, 2, 3, 4, 5].map((partition) => world.leaderOf(partition)));
    const appendToAll = () =>
      [0, 1, 2, 3, 4, 5].map((partition) => producer.append(at(partition), batchOf('a')));
    await Promise.all([...appendToAll(), ...appendToAll()]);
    assert.equal(kafka.requests.length, leaders.size);
    assert.equal(kafka.requests.flatMap(({ batches }) => batches).length, 6);
    // One that is under way lets others come together, until it is time for the next.
    world.cluster.weather.clientDelayMax = 40;
    kafka.requests.length = 0;
    const answers: Promise<unknown>[] = [];
    for (let tick = 0; tick < 100; tick++) {
      answers.push(producer.append(at(tick % 6), batchOf(`${tick}`)));
      await world.scheduler.sleep(0.1);
    }
    await Promise.all(answers);
    const times = 1 + 10 / 3;
    assert.ok(kafka.requests.length <= leaders.size * (times + 2), `${kafka.requests.length} requests`);
  },
);

inWorld(
  'a batch is under way once in a partition, and others do not wait for it',
  2,
  async (_world, { producer }, kafka) => {
    const held = Promise.withResolvers<void>();
    kafka.watcher = async ({ batches }, carryOut) => {
      if (batches.some(({ partition }) => partition === 0)) await held.promise;
      return carryOut();
    };
    const first = producer.append(at(0), batchOf('a'));
    await producer.append(at(1), batchOf('x'));
    const others = [producer.append(at(0), batchOf('b')), producer.append(at(0), batchOf('c'))];
    await producer.append(at(1), batchOf('y'));
    assert.equal(
      kafka.requests.flatMap(({ batches }) => batches).filter(({ partition }) => partition === 0).length,
      1,
    );
    let isSettled = false;
    const settled = producer.settled(at(0)).then(() => {
      isSettled = true;
    });
    await producer.settled(at(1));
    assert.equal(isSettled, false);
    held.resolve();
    assert.deepEqual(await Promise.all([first, ...others].map(async (one) => (await one).first)), [0, 1, 2]);
    await settled;
  },
);

inWorld(
  'what was stored by a request without an answer is stored once, and answers its offset',
  1,
  async (world, client) => {
    const { producer } = client;
    await producer.append(at(0), batchOf('a'));
    world.cluster.strike(world.leaderOf(0), { api: 'produce', when: 'after' });
    const [b, c] = await Promise.all([
      producer.append(at(0), batchOf('b')),
      producer.append(at(0), batchOf('c')),
    ]);
    assert.deepEqual([b.first, c.first], [1, 2]);
    assert.equal((await world.read(client, 0)).length, 3);
  },
);

inWorld(
  'a leader that stands still loses its partition to another, and nothing twice',
  1,
  async (world, client) => {
    const { producer } = client;
    await producer.append(at(0), batchOf('before'));
    const zombie = world.leaderOf(0);
    world.cluster.pause(zombie);
    const begin = world.scheduler.time;
    const { first } = await producer.append(at(0), batchOf('meanwhile'));
    assert.equal(first, 1);
    const { sessionMs } = world.cluster.patience;
    assert.ok(world.scheduler.time - begin < sessionMs + 2000, `${world.scheduler.time - begin} ms`);
    world.cluster.resume(zombie);
    await producer.append(at(0), batchOf('after'));
    assert.deepEqual(
      (await world.read(client, 0)).map(([, text]) => text),
      ['before', 'meanwhile', 'after'],
    );
  },
);

inWorld(
  'without enough replicas in sync nothing is acknowledged, and later everything goes on',
  1,
  async (world, client) => {
    const { producer } = client;
    await producer.append(at(0), batchOf('before'));
    for (const id of [1, 2, 3].filter((id) => id !== world.leaderOf(0))) world.cluster.kill(id);
    const begin = world.scheduler.time;
    await assert.rejects(producer.append(at(0), batchOf('lost?')), UnavailableError);
    const took = world.scheduler.time - begin;
    assert.ok(took >= 10_000 && took < 11_000, `${took} ms`);
    world.cluster.heal();
    await producer.append(at(0), batchOf('after'));
    const texts = (await world.read(client, 0)).map(([, text]) => text).filter((text) => text !== 'lost?');
    assert.deepEqual(texts, ['before', 'after']);
  },
);

inWorld(
  'a batch of unknown fate does not lend its sequence, nor its offset, to the next one',
  1,
  async (world, client, kafka) => {
    const { producer } = client;
    // It is stored, and nobody hears of it.
    kafka.watcher = async (_, carryOut) => {
      await carryOut();
      throw new KafkaConnectionError('The answer is lost.');
    };
    await assert.rejects(producer.append(at(0), batchOf('unknown')), UnavailableError);
    kafka.watcher = (_, carryOut) => carryOut();
    const { first } = await producer.append(at(0), batchOf('next'));
    assert.deepEqual(await world.read(client, 0), [
      [0, 'unknown'],
      [1, 'next'],
    ]);
    assert.equal(first, 1);
  },
);

inWorld(
  'a leader that has forgotten the producer is told another epoch, when nothing may be there',
  1,
  async (world, client, kafka) => {
    const { producer } = client;
    await producer.append(at(0), batchOf('a'));
    for (const error of [
      errorCodes.unknownProducerId,
      errorCodes.outOfOrderSequenceNumber,
      errorCodes.producerFenced,
    ]) {
      kafka.watcher = async () => {
        kafka.watcher = (_, carryOut) => carryOut();
        return [refusal(error)];
      };
      await producer.append(at(0), batchOf(`after ${error}`));
    }
    assert.equal((await world.read(client, 0)).length, 4);
    assert.equal(world.logger.warnings.length, 3);
    for (const { replicas } of world.cluster.brokers)
      for (const { log } of replicas) for (let id = 0n; id < 5000n; id++) log.producers.forget(id);
    await producer.append(at(0), batchOf('after expiry'));
    assert.equal((await world.read(client, 0)).length, 5);
  },
);

inWorld(
  'what may be there is not sent under another epoch: its caller is told that nobody knows',
  1,
  async (world, client, kafka) => {
    const { producer } = client;
    await producer.append(at(0), batchOf('a'));
    // Of a leader that was deposed while it waited for the others, and of one that does not answer.
    const unsure = async () => [refusal(errorCodes.notLeaderOrFollower)];
    const silent = () => Promise.reject(new KafkaConnectionError('The answer is lost.'));
    const { outOfOrderSequenceNumber, invalidProducerEpoch, duplicateSequenceNumber } = errorCodes;
    for (const error of [outOfOrderSequenceNumber, invalidProducerEpoch, duplicateSequenceNumber]) {
      for (const firstAnswer of [unsure, silent]) {
        let requests = 0;
        kafka.watcher = async (_, carryOut) => {
          if (++requests === 2) return [refusal(error)];
          const answers = await carryOut();
          return requests === 1 ? firstAnswer() : answers;
        };
        const name = `${error} ${firstAnswer.name}`;
        await assert.rejects(producer.append(at(0), batchOf(`unknown ${name}`)), UnavailableError);
        await producer.append(at(0), batchOf(`after ${name}`));
      }
    }
    const texts = (await world.read(client, 0)).map(([, text]) => text);
    assert.equal(new Set(texts).size, texts.length);
    assert.equal(texts.length, 13);
  },
);

inWorld('an offset that is not said is not made up', 1, async (_world, { producer }, kafka) => {
  kafka.watcher = async () => [refusal(errorCodes.none)];
  await assert.rejects(producer.append(at(0), batchOf('a')), UnavailableError);
  kafka.watcher = async () => [refusal(errorCodes.duplicateSequenceNumber)];
  await assert.rejects(producer.append(at(0), batchOf('b')), UnavailableError);
});

inWorld(
  'a record batch that is too large is split between appends, and one that cannot be is refused',
  1,
  async (world, client) => {
    const { producer, brokers } = client;
    const settings = { 'max.message.bytes': '1000' };
    await brokers.anywhere((connection) => connection.alterTopic(topic, settings));
    const text = 'x'.repeat(300);
    const appended = Array.from({ length: 8 }, (_, index) =>
      producer.append(at(0), batchOf(`${index}${text}`)),
    );
    const tooLarge = producer.append(at(0), batchOf(text.repeat(4)));
    const after = producer.append(at(0), batchOf('after'));
    assert.deepEqual(
      (await Promise.all(appended)).map(({ first }) => first),
      [0, 1, 2, 3, 4, 5, 6, 7],
    );
    await assert.rejects(
      tooLarge,
      (error) => error instanceof KafkaError && error.code === errorCodes.messageTooLarge,
    );
    assert.equal((await after).first, 8);
    assert.equal((await world.read(client, 0)).length, 9);
  },
);

inWorld(
  'what waits is bounded, in bytes and in appends',
  1,
  async (_world, { producer }, kafka) => {
    const held = Promise.withResolvers<void>();
    kafka.watcher = async (_, carryOut) => {
      await held.promise;
      return carryOut();
    };
    const appended = Array.from({ length: 5 }, () => producer.append(at(0), batchOf('a')));
    await assert.rejects(producer.append(at(0), batchOf('b')), OverloadedError);
    held.resolve();
    await Promise.all(appended);
    await producer.append(at(0), batchOf('c'));
    const large = producer.append(at(0), batchOf('x'.repeat(2000)));
    await assert.rejects(producer.append(at(0), batchOf('d')), OverloadedError);
    await large;
    await producer.append(at(0), batchOf('e'));
  },
  { waitingMax: 5, waitingBytesMax: 2000 },
);

inWorld(
  'a topic that was made anew is not the one that was met before',
  1,
  async (world, { producer, brokers }) => {
    await producer.append(at(0), batchOf('a'));
    // Somebody else does it.
    await brokers.anywhere((connection) => connection.deleteTopic(topic));
    await world.scheduler.sleep(100);
    await world.makeTopic(brokers, 1);
    const anew = /^Topic topic was deleted and made anew/;
    await assert.rejects(
      producer.append(at(0), batchOf('b')),
      (error) => error instanceof DamagedError && anew.test(error.message),
    );
  },
);

inWorld('a client that is closed answers what waits, and takes no more', 1, async (world, client) => {
  const { producer } = client;
  world.cluster.weather.clientDelayMax = 100;
  const appended = producer.append(at(0), batchOf('a'));
  const closed = producer[Symbol.asyncDispose]();
  await assert.rejects(producer.append(at(0), batchOf('b')), UnavailableError);
  await closed;
  assert.equal((await appended).first, 0);
});

inWorld(
  'a partition that was not used for long begins again as another producer',
  2,
  async (world, client) => {
    const { producer } = client;
    await producer.append(at(0), batchOf('a'));
    // Whoever appends meanwhile keeps its own.
    for (let minute = 0; minute < 130; minute++) {
      await producer.append(at(1), batchOf('x'));
      await world.scheduler.sleep(60_000);
    }
    assert.equal((await producer.append(at(0), batchOf('b'))).first, 1);
    assert.equal((await producer.append(at(0), batchOf('c'))).first, 2);
    assert.equal((await producer.append(at(1), batchOf('x'))).first, 130);
    assert.deepEqual(producersIn(world, 0).size, 2);
    assert.deepEqual(producersIn(world, 1).size, 1);
    assert.deepEqual(world.logger.warnings, []);
  },
);

/** The producers whose batches a partition has. */
function producersIn(world: KafkaWorld, partition: number): Set<bigint> {
  const { replicas } = world.cluster.broker(world.leaderOf(partition));
  const log = [...replicas].find((replica) => replica.partition === partition)!.log;
  return new Set(log.batchesFrom(0, log.end).map(({ sequence }) => sequence!.producer));
}
