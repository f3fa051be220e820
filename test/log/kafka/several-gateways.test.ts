import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OneShard } from '../../../harness/one-shard.ts';
import { batchOf, numbered, textsOf } from '../../../harness/shard-text.ts';
import type { PartitionOf } from '../../../src/env/kafka.ts';
import { openKafkaLog } from '../../../src/log/kafka/kafka-log.ts';
import {
  DroppedError,
  type Engine,
  OverloadedError,
  SealedError,
  UnavailableError,
} from '../../../src/log/log.ts';
import { ManualClock, settled } from '../../services/kinesis/manual-clock.ts';
import { MemoryClient, MemoryKafka } from './memory-client.ts';
import { AgreedPlaces, MemoryPlaces } from './memory-places.ts';

const key = { stream: 'stream', shard: 0 };
const topic = 'millrace.test.stream.stream';
const first: PartitionOf = { topic, partition: 0 };
const plenty = { records: 10_000, bytes: 10_000_000 };
const never = new AbortController().signal;

type Gateway = {
  readonly engine: Engine;
  readonly places: MemoryPlaces;
  readonly client: MemoryClient;
  readonly shard: OneShard;
};

/** A cluster with as many gateways as are asked for. */
class World {
  readonly clock = new ManualClock();
  readonly kafka = new MemoryKafka(this.clock);
  readonly #agreed = new AgreedPlaces();

  gateway(): Gateway {
    const client = new MemoryClient(this.kafka);
    const places = new MemoryPlaces(this.#agreed, client);
    const engine = openKafkaLog({ client, places, clock: this.clock, cluster: 'test' });
    return { engine, places, client, shard: new OneShard(engine, key) };
  }

  /** Has brokers keep their answers to appends back, from now until they are let go. */
  holdAnswers(): () => void {
    const held = Promise.withResolvers<void>();
    this.kafka.beforeAnswer = () => held.promise;
    return () => {
      this.kafka.beforeAnswer = async () => {};
      held.resolve();
    };
  }
}

/** Keeps what a gateway appends from the brokers, from now until it is let go. */
function holdRequests({ client }: Gateway): () => void {
  const held = Promise.withResolvers<void>();
  const append = client.append.bind(client);
  client.append = async (to, batch) => {
    await held.promise;
    return await append(to, batch);
  };
  return held.resolve;
}

/** What becomes of a promise, once it has. */
function outcomeOf(promise: Promise<unknown>): { is: 'pending' | 'resolved' | Error } {
  const outcome: { is: 'pending' | 'resolved' | Error } = { is: 'pending' };
  promise.then(
    () => {
      outcome.is = 'resolved';
    },
    (error) => {
      outcome.is = error;
    },
  );
  return outcome;
}

test('records of all gateways are in one order, and all of them read it', async () => {
  const world = new World();
  const gateways = [world.gateway(), world.gateway(), world.gateway()];
  for (const [index, text] of numbered(0, 12).entries())
    await gateways[index % 3]!.shard.append(batchOf(text));
  for (const { shard } of gateways) assert.deepEqual(await textsOf(shard), numbered(0, 12));
});

test('an append that a broker answers while its shard closes is acknowledged once the seal is known', async () => {
  const world = new World();
  const [writer, sealer] = [world.gateway(), world.gateway()];
  await sealer.shard.append(batchOf('before'));
  const letGo = world.holdAnswers();
  const append = writer.shard.append(batchOf('under way'));
  const seal = sealer.shard.seal();
  await settled();
  const late = writer.shard.append(batchOf('too late'));
  await assert.rejects(late, SealedError);
  letGo();
  assert.equal(await seal, 2);
  assert.equal((await append).first, 1);
  for (const { shard } of [writer, sealer]) assert.deepEqual(await textsOf(shard), ['before', 'under way']);
});

test('a gateway that stood still acknowledges nothing behind the seal, and nobody is shown it', async () => {
  const world = new World();
  const [paused, sealer] = [world.gateway(), world.gateway()];
  await paused.shard.append(batchOf('before'));
  const letGo = holdRequests(paused);
  const append = paused.shard.append(batchOf('behind the seal'));
  const outcome = outcomeOf(append);
  const seal = sealer.shard.seal();
  await settled();
  assert.equal(outcomeOf(seal).is, 'pending');
  paused.places.isCutOff = true;
  paused.places.setLease(false);
  assert.equal(await seal, 1);
  // It has heard of the closing, and of no seal: who asked before there was one knows no more.
  const current = paused.places.current.bind(paused.places);
  paused.places.current = async () => {};
  letGo();
  await settled();
  assert.equal(outcome.is, 'pending');
  // What is behind the gap that it sees, it shows to nobody.
  for (const { shard } of [paused, sealer]) assert.equal((await shard.read(0, plenty)).length, 1);
  paused.places.isCutOff = false;
  await current();
  await assert.rejects(append, SealedError);
  assert.deepEqual([await paused.shard.end(), await sealer.shard.end()], [1, 1]);
});

test('a gateway whose clocks stood still with it asks before it acknowledges what is behind a gap', async () => {
  const world = new World();
  const [frozen, sealer] = [world.gateway(), world.gateway()];
  await frozen.shard.append(batchOf('before'));
  const letGo = holdRequests(frozen);
  const append = frozen.shard.append(batchOf('behind the seal'));
  frozen.places.isCutOff = true;
  frozen.places.setLease(false);
  assert.equal(await sealer.shard.seal(), 1);
  // By its own clocks no time has passed.
  frozen.places.setLease(true);
  frozen.places.isCutOff = false;
  letGo();
  await assert.rejects(append, SealedError);
});

test('a gateway asks nobody about what it appends behind its own records, and once about a gap', async () => {
  const world = new World();
  const [one, other] = [world.gateway(), world.gateway()];
  const { places, shard } = one;
  const current = places.current.bind(places);
  let asked = 0;
  places.current = async () => {
    asked += 1;
    await current();
  };
  for (const text of numbered(0, 5)) await shard.append(batchOf(text));
  assert.equal(asked, 0);
  await other.shard.append(batchOf('of another gateway'));
  for (const text of numbered(0, 5)) await shard.append(batchOf(text));
  assert.equal(asked, 1);
});

test('without a lease an append waits for one, and is refused when that takes long', async () => {
  const world = new World();
  const { shard, places } = world.gateway();
  await shard.append(batchOf('a'));
  places.setLease(false);
  const renewed = shard.append(batchOf('b'));
  await settled();
  assert.equal(outcomeOf(renewed).is, 'pending');
  places.setLease(true);
  assert.equal((await renewed).first, 1);
  places.setLease(false);
  const refused = shard.append(batchOf('c'));
  const rejected = assert.rejects(refused, UnavailableError);
  await world.clock.advance(10_000);
  await rejected;
  // Whoever tries again for as long as there is none leaves nothing behind.
  assert.equal(await shard.end(), 2);
});

test('what waits for a lease is held up to a bound, and refused at once beyond it', async () => {
  const world = new World();
  const { engine, shard, places } = world.gateway();
  await shard.append(batchOf('a'));
  places.setLease(false);
  const batch = { count: 1, bytes: Buffer.alloc(100 << 20) };
  const waiting = [0, 1, 2].map(() => engine.append(key, batch));
  await assert.rejects(engine.append(key, batch), OverloadedError);
  places.setLease(true);
  await Promise.all(waiting);
  await engine.append(key, batch);
  assert.equal(await shard.end(), 5);
});

test('behind a mark nothing is shown until it is known where the shard ends', async () => {
  const world = new World();
  const { shard, client, places } = world.gateway();
  await shard.append(batchOf('a'));
  places.setLease(false);
  await places.close(key);
  // Who seals has appended its mark, and then a record of unknown fate turns up.
  world.kafka.add(first, { mark: 'seal' });
  world.kafka.add(first, batchOf('of unknown fate'));
  assert.deepEqual(await shard.read(0, plenty), await shard.read(0, { records: 1, bytes: 1 }));
  assert.deepEqual(await shard.read(1, plenty), []);
  assert.equal(await shard.end(), 1);
  const grown = shard.grown(1, never);
  const outcome = outcomeOf(grown);
  await settled();
  assert.equal(outcome.is, 'pending');
  // It never heard of the mark, and appends another one.
  const { first: mark } = await client.append(first, { mark: 'seal' });
  assert.equal(mark, 3);
  await places.seal(key, mark);
  await grown;
  assert.equal(await shard.end(), 3);
  const [, late] = await shard.read(0, plenty);
  assert.equal(late?.first, 2);
  world.kafka.add(first, batchOf('behind the seal'));
  assert.equal((await shard.read(0, plenty)).length, 2);
});

test('a gap in an open shard is passed once it is known that the shard is not closing', async () => {
  const world = new World();
  const { shard, places } = world.gateway();
  await shard.append(batchOf('a'));
  world.kafka.add(first, { mark: 'of who knows what' });
  await shard.append(batchOf('b'));
  assert.equal((await shard.read(0, plenty)).length, 2);
  places.isCutOff = true;
  // It need not ask again.
  assert.deepEqual(
    (await shard.read(0, plenty)).map((batch) => batch.first),
    [0, 2],
  );
});

test('a gateway that has not heard of the closing asks before it shows what is behind a gap', async () => {
  const world = new World();
  const [late, other] = [world.gateway(), world.gateway()];
  await late.shard.append(batchOf('a'));
  late.places.isCutOff = true;
  late.places.setLease(false);
  await other.shard.seal();
  world.kafka.add(first, batchOf('behind the seal'));
  late.places.isCutOff = false;
  const { current } = late.places;
  let asked = 0;
  late.places.current = async () => {
    asked += 1;
    await current.call(late.places);
  };
  assert.equal((await late.shard.read(0, plenty)).length, 1);
  assert.equal(asked, 1);
});

test('two gateways that seal a shard at once agree on its end', async () => {
  const world = new World();
  const [one, other] = [world.gateway(), world.gateway()];
  await one.shard.append(batchOf('a'));
  const ends = await Promise.all([one.shard.seal(), other.shard.seal()]);
  assert.equal(ends[0], ends[1]);
  for (const { shard } of [one, other]) {
    assert.equal(await shard.seal(), ends[0]);
    assert.equal(await shard.end(), ends[0]);
    assert.equal((await shard.read(0, plenty)).length, 1);
  }
});

test('a shard in a slot that others had begins with offset 0, and shows nothing of theirs', async () => {
  const world = new World();
  const before = world.gateway();
  await before.shard.append(batchOf(...numbered(0, 5)));
  await before.client.append(first, { mark: 'seal' });
  const shard = new OneShard(before.engine, { ...key, shard: 7 });
  const place = { ...first, base: 6, seal: undefined, state: 'open' as const };
  before.places.assign = async () => before.places.agree({ kind: 'assign', shard: 'stream 7', place });
  assert.deepEqual(await shard.position(), { start: 0, end: 0, lastArrival: Number.NEGATIVE_INFINITY });
  const { first: offset } = await shard.append(batchOf('mine'));
  assert.equal(offset, 0);
  assert.deepEqual(await textsOf(shard), ['mine']);
  assert.equal(await shard.seek(0), 0);
  await shard.trim(1);
  assert.deepEqual(await before.client.bounds(first), { start: 7, end: 7 });
  assert.deepEqual([await shard.start(), await shard.end()], [1, 1]);
});

test('every gateway shows the same arrival times, those of brokers whose clocks go back', async () => {
  const world = new World();
  const [writer, reader] = [world.gateway(), world.gateway()];
  const begin = world.clock.now();
  const arrivals: number[] = [];
  for (const jump of [0, 50, -30, 10, 100]) {
    world.clock.jump(jump);
    arrivals.push((await writer.shard.append(batchOf('x'))).arrival - begin);
  }
  assert.deepEqual(arrivals, [0, 50, 20, 30, 130]);
  for (const from of [0, 3, 2, 4]) {
    const read = await reader.shard.read(from, plenty);
    assert.deepEqual(
      read.map(({ arrival }) => arrival - begin),
      arrivals.slice(from),
    );
  }
  assert.equal((await reader.shard.position()).lastArrival - begin, 130);
  assert.equal(await reader.shard.seek(begin + 50), 1);
  assert.equal(await reader.shard.seek(begin + 51), 4);
});

test('a reader waits for a shard that gets its place at another gateway', async () => {
  const world = new World();
  const [reader, writer] = [world.gateway(), world.gateway()];
  const grown = reader.shard.grown(0, never);
  await settled();
  assert.equal(outcomeOf(grown).is, 'pending');
  await writer.shard.append(batchOf('a'));
  await grown;
});

test('a gateway that is behind asks the others before it says that a shard is empty', async () => {
  const world = new World();
  const [late, writer] = [world.gateway(), world.gateway()];
  late.places.isCutOff = true;
  await writer.shard.append(batchOf('a'));
  late.places.isCutOff = false;
  assert.equal(await late.shard.end(), 1);
});

test('what may have been stored when a stream is dropped is not said to be refused', async () => {
  const world = new World();
  const [writer, other] = [world.gateway(), world.gateway()];
  await writer.shard.append(batchOf('a'));
  const letGo = world.holdAnswers();
  const append = writer.shard.append(batchOf('b'));
  await settled();
  await other.engine.drop(key.stream);
  letGo();
  await assert.rejects(append, UnavailableError);
  await assert.rejects(writer.shard.append(batchOf('c')), DroppedError);
  assert.equal(world.kafka.topics.has(topic), false);
});

test('brokers are asked to forget records when that frees an eighth of them, or all', async () => {
  const world = new World();
  const { shard } = world.gateway();
  await shard.append(batchOf(...numbered(0, 100)));
  for (let before = 1; before <= 100; before++) {
    await shard.trim(before);
    assert.equal(await shard.start(), before);
  }
  const trims = world.kafka.trims.map(({ before }) => before);
  assert.equal(trims[0], 13);
  assert.equal(trims.at(-1), 100);
  assert.ok(trims.length < 40, `${trims}`);
});

test('what has expired by a clock that is far off is shown no more here, and stays for the others', async () => {
  const world = new World();
  const [wrong, other] = [world.gateway(), world.gateway()];
  await other.shard.append(batchOf('a', 'b'));
  wrong.client.time = { offMs: 3_600_000, isFarOff: true };
  await wrong.shard.trim(2);
  assert.deepEqual([await wrong.shard.start(), await other.shard.start()], [2, 0]);
  wrong.client.time = { offMs: 0, isFarOff: false };
  await wrong.shard.trim(2);
  assert.equal(await other.shard.start(), 2);
});

test('a stream is prepared: places, and how long brokers keep its records', async () => {
  const world = new World();
  const { engine, places } = world.gateway();
  const hour = 3_600_000;
  await engine.prepare(key.stream, { shards: [0, 1, 2], retention: 24 * hour });
  for (const shard of [0, 1, 2]) assert.equal(places.of({ ...key, shard })?.state, 'open');
  const settings = () => world.kafka.topics.get(topic)!.description.settings;
  assert.equal(settings()['retention.ms'], String(25 * hour));
  assert.equal(settings()['segment.ms'], String(2 * hour));
  assert.equal(settings()['message.timestamp.type'], 'LogAppendTime');
  await engine.seal({ ...key, shard: 1 });
  await engine.prepare(key.stream, { shards: [0, 2], retention: 8760 * hour });
  assert.deepEqual(places.releases, [{ ...key, shard: 1 }]);
  assert.equal(settings()['retention.ms'], String(8761 * hour));
  assert.equal(settings()['segment.ms'], String(24 * hour));
});
