import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchOf, numbered } from '../../../harness/shard-text.ts';
import type { PartitionOf } from '../../../src/env/kafka.ts';
import { recordsOf } from '../../../src/kinesis/record.ts';
import type { KafkaClient, KafkaOffset } from '../../../src/log/kafka/client.ts';
import { streamTopic } from '../../../src/log/kafka/stream-topic.ts';
import { DamagedError } from '../../../src/log/log.ts';
import { HeardKafka } from './heard-kafka.ts';
import { OnFakeCluster } from './on-fake-cluster.ts';

const topic = streamTopic('test', 'stream', 1);
const of: PartitionOf = { topic: topic.topic, partition: 0 };
const plenty = { records: 10_000, bytes: 10_000_000 };
const never = new AbortController().signal;

/** A cluster with one partition, a client that writes to it, and another that reads and is listened to. */
async function begin(options?: { tailBytesMax?: number }, seed = 1) {
  const world = new OnFakeCluster(seed);
  const writer = await world.client();
  const heard = new HeardKafka(world.cluster.client());
  const reader = await world.client(options, heard);
  await writer.ensureTopic(topic);
  const leader = () => world.cluster.placementOf(of)!.leader;
  return {
    ...{ world, cluster: world.cluster, clock: world.clock, writer, reader, heard, leader },
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}

async function put(client: KafkaClient, ...texts: string[]): Promise<void> {
  for (const text of texts) await client.append(of, batchOf(text));
}

/** What there is from an offset on, as texts, read in pages. Throws when offsets are missing. */
async function readAll(client: KafkaClient, from: KafkaOffset, records = 10_000): Promise<string[]> {
  const texts: string[] = [];
  for (let at = from; ; ) {
    const { batches, gaps } = await client.read(of, at, { ...plenty, records });
    assert.deepEqual(gaps, []);
    if (batches.length === 0) return texts;
    for (const batch of batches) {
      for (const { offset, data } of recordsOf(batch)) {
        if (offset < at) continue;
        assert.equal(offset, at);
        texts.push(data.toString());
        at += 1;
      }
    }
  }
}

/** Reads as a consumer at the tip does until it has so many records. */
async function follow(client: KafkaClient, from: KafkaOffset, count: number): Promise<string[]> {
  const texts: string[] = [];
  while (texts.length < count) {
    texts.push(...(await readAll(client, from + texts.length)));
    if (texts.length < count) await client.grown(of, from + texts.length, never);
  }
  return texts;
}

test('readers at the tip share one fetch, and find nothing new without asking a broker', async () => {
  await using tested = await begin();
  const { world, writer, reader, heard } = tested;
  await put(writer, 'before');
  assert.deepEqual(await readAll(reader, 0), ['before']);
  const asked = () => heard.catchUps.length + heard.calls.length;
  const readers = [1, 1, 1, 1, 1].map((from) => follow(reader, from, 20));
  await world.until(() => heard.fetches.some(({ request }) => request.session.epoch > 0));
  const before = asked();
  await put(writer, ...numbered(0, 20));
  for (const texts of await Promise.all(readers)) assert.deepEqual(texts, numbered(0, 20));
  for (let time = 0; time < 10; time++) assert.deepEqual((await reader.read(of, 21, plenty)).batches, []);
  assert.deepEqual(await reader.bounds(of), { start: 0, end: 21 });
  assert.equal(asked(), before);
});

test('an answer that waited for its reader is as old as its question', async () => {
  await using tested = await begin();
  const { world, writer, reader, heard, clock } = tested;
  const delivered = Promise.withResolvers<void>();
  let isLate = false;
  heard.alter = (connection) => ({
    async fetch(request) {
      const answer = await connection.fetch(request);
      if (!isLate || request.session.epoch === -1) return answer;
      if (request === late) {
        await put(writer, 'meanwhile');
        await clock.sleep(850);
        delivered.resolve();
      } else await clock.sleep(10_000);
      return answer;
    },
  });
  await put(writer, 'before');
  assert.deepEqual(await readAll(reader, 0), ['before']);
  await world.until(() => heard.fetches.at(-1)!.request.session.epoch > 1);
  const late = heard.fetches.at(-1)!.request;
  isLate = true;
  await delivered.promise;
  await clock.turn();
  assert.deepEqual(await readAll(reader, 1), ['meanwhile']);
});

test('in a session only what is new is said', async () => {
  await using tested = await begin();
  const { writer, reader, heard } = tested;
  const reading = follow(reader, 0, 3);
  await put(writer, ...numbered(0, 3));
  await reading;
  const told = heard.fetches.filter(({ request }) => request.session.epoch > 1).map(({ request }) => request);
  assert.ok(told.length > 0);
  for (const { partitions } of told) assert.ok(partitions.every(({ from }) => from > 0));
  // Nothing has come since, and nothing is said.
  await tested.world.until(() => heard.fetches.at(-1)!.request.partitions.length === 0);
});

test('what was acknowledged here can be read here at once', async () => {
  await using tested = await begin();
  const { reader } = tested;
  const end = reader.grown(of, 0, never);
  await put(reader, 'first');
  await end;
  for (let at = 1; at < 30; at++) {
    await put(reader, `record ${at}`);
    assert.deepEqual(await readAll(reader, at), [`record ${at}`]);
  }
});

test('readers that are behind what is kept in memory ask brokers', async () => {
  await using tested = await begin({ tailBytesMax: 2_000 });
  const { writer, reader, heard } = tested;
  const texts = numbered(0, 40);
  const reading = follow(reader, 0, 40);
  await put(writer, ...texts);
  assert.deepEqual(await reading, texts);
  const before = heard.catchUps.length;
  assert.deepEqual(await readAll(reader, 38), texts.slice(38));
  assert.equal(heard.catchUps.length, before);
  assert.deepEqual(await readAll(reader, 0, 7), texts);
  assert.ok(heard.catchUps.length > before);
});

test('readers that are far behind read from a replica in their rack, and from the leader what it lacks', async () => {
  await using tested = await begin();
  const { cluster, writer, reader, heard, leader } = tested;
  const [leading] = [leader()];
  if (leading === 1) cluster.stop(1);
  await tested.world.until(() => leader() !== 1);
  cluster.start(1);
  const texts = numbered(0, 1_200);
  for (let at = 0; at < 1_200; at += 100) await writer.append(of, batchOf(...texts.slice(at, at + 100)));
  await tested.world.until(() => cluster.placementOf(of)!.inSync.length === 3);
  assert.deepEqual(await readAll(reader, 0, 100), texts);
  const hosts = heard.catchUps.map(({ host }) => host);
  assert.ok(hosts.includes('192.0.2.1'));
  assert.ok(hosts.includes(`192.0.2.${leader()}`));
  assert.ok(heard.fetches.every(({ host, request }) => request.session.epoch === -1 || host !== '192.0.2.1'));
});

test('a reader follows its partition from leader to leader', async () => {
  await using tested = await begin();
  const { cluster, world, writer, reader, leader } = tested;
  const texts = numbered(0, 12);
  const reading = follow(reader, 0, 12);
  for (const [index, text] of texts.entries()) {
    await put(writer, text);
    if (index % 4 !== 2) continue;
    const old = leader();
    cluster.kill(old);
    await world.until(() => leader() !== old && leader() > 0);
    cluster.start(old);
    await world.until(() => cluster.placementOf(of)!.inSync.length === 3);
  }
  assert.deepEqual(await reading, texts);
});

test('a record that only its leader has is shown to nobody, and gone with the leader', async () => {
  await using tested = await begin();
  const { cluster, world, writer, reader, leader } = tested;
  await put(writer, 'kept');
  const old = leader();
  const logOf = (id: number) => [...cluster.broker(id).replicas][0]!.log;
  cluster.cutOff(old, 'peers');
  const lone = await world.client({ deliveryMs: 500 });
  const append = lone.append(of, batchOf('of the leader alone'));
  const refused = assert.rejects(append, { name: 'UnavailableError' });
  await world.until(() => logOf(old).end === 2);
  assert.deepEqual(await readAll(reader, 0), ['kept']);
  assert.equal((await reader.bounds(of)).end, 1);
  await refused;
  cluster.cutOff(old, 'controller');
  await world.until(() => leader() !== old);
  assert.deepEqual(await readAll(reader, 0), ['kept']);
  await put(writer, 'after');
  cluster.heal();
  await world.until(() => logOf(old).end === 2);
  assert.deepEqual(await readAll(reader, 0), ['kept', 'after']);
});

test('sessions that brokers forget begin again', async () => {
  await using tested = await begin();
  const { cluster, writer, reader, heard } = tested;
  cluster.weather.evictSession = 0.3;
  const texts = numbered(0, 30);
  const reading = follow(reader, 0, 30);
  await put(writer, ...texts);
  assert.deepEqual(await reading, texts);
  const begun = heard.fetches.filter(({ request }) => request.session.epoch === 0);
  assert.ok(begun.length > 2);
});

test('a broker without room for a session is told everything each time', async () => {
  await using tested = await begin();
  const { writer, reader, heard } = tested;
  heard.alter = (connection) => ({
    fetch: async (request) => ({ ...(await connection.fetch(request)), sessionId: 0 }),
  });
  const texts = numbered(0, 10);
  const reading = follow(reader, 0, 10);
  await put(writer, ...texts);
  assert.deepEqual(await reading, texts);
  const tails = heard.fetches.filter(({ request }) => request.session.epoch !== -1);
  assert.ok(tails.every(({ request }) => request.session.epoch === 0 && request.partitions.length === 1));
});

test('a bit that is another one on the way is read again, and one that stays so is damage', async () => {
  await using tested = await begin();
  const { cluster, writer, reader } = tested;
  const texts = numbered(0, 20);
  await put(writer, ...texts);
  cluster.weather.flip = 0.2;
  assert.deepEqual(await readAll(reader, 0), texts);
  cluster.weather.flip = 1;
  let damaged = 0;
  for (let time = 0; time < 20; time++) {
    // A leader's epoch and what seems to be cut off may be wrong without any harm.
    const read = await reader.read(of, 0, plenty).catch((error) => error);
    if (read instanceof DamagedError) damaged += 1;
    else for (const batch of read.batches) assert.deepEqual(batch.bytes, batchOf(texts[batch.first]!).bytes);
  }
  assert.ok(damaged > 0);
  cluster.weather.flip = 0;
  assert.deepEqual(await readAll(reader, 0), texts);
});

test('damage at the tip wakes a reader, which then asks for itself', async () => {
  await using tested = await begin();
  const { cluster, writer, reader } = tested;
  const grown = reader.grown(of, 0, never);
  cluster.weather.flip = 1;
  await put(writer, 'x');
  await grown;
  cluster.weather.flip = 0;
  assert.deepEqual(await readAll(reader, 0), ['x']);
});

test('a broker that says an end of before takes nothing back', async () => {
  await using tested = await begin();
  const { cluster, writer, reader } = tested;
  const texts = numbered(0, 30);
  const reading = follow(reader, 0, 30);
  cluster.weather.staleEnd = 0.5;
  let end = 0;
  for (const text of texts) {
    await put(writer, text);
    const bounds = await reader.bounds(of);
    if (bounds.end < end) assert.fail(`${bounds.end} after ${end}`);
    end = bounds.end;
  }
  assert.deepEqual(await reading, texts);
});

test('a time is found exactly, also where a broker answers an offset too early', async () => {
  await using tested = await begin();
  const { clock, writer, reader, heard } = tested;
  const times: number[] = [];
  for (const text of numbered(0, 6)) {
    times.push((await writer.append(of, batchOf(text, text))).arrival);
    await clock.sleep(10);
  }
  heard.alter = (connection) => ({
    async listOffsets(asked) {
      const answers = await connection.listOffsets(asked);
      const isTime = typeof asked[0]!.time === 'number';
      return answers.map((answer) => ({
        ...answer,
        offset: isTime && answer.offset > 0 ? Math.max(0, answer.offset - 5) : answer.offset,
      }));
    },
  });
  const inexact = await tested.world.client({}, heard);
  for (const client of [reader, inexact]) {
    for (const [index, time] of times.entries()) {
      assert.equal(await client.seek(of, time), index * 2);
      assert.equal(await client.seek(of, time - 0.5), index * 2);
    }
    assert.equal(await client.seek(of, times[5]! + 1), 12);
    assert.equal(await client.seek(of, 0), 0);
    assert.equal(await client.seek(of, Number.POSITIVE_INFINITY), 12);
  }
});

test('what was forgotten is skipped, by readers and at the tip', async () => {
  await using tested = await begin();
  const { writer, reader } = tested;
  const texts = numbered(0, 10);
  await put(writer, ...texts);
  await writer.trim(of, 6);
  const { start, end, batches } = await reader.read(of, 2, plenty);
  assert.deepEqual([start, end, batches[0]?.first], [6, 10, 6]);
  await writer.trim(of, 10);
  assert.deepEqual(await reader.bounds(of), { start: 10, end: 10 });
  assert.deepEqual((await reader.read(of, 0, plenty)).batches, []);
  const reading = follow(reader, 10, 1);
  await put(writer, 'next');
  assert.deepEqual(await reading, ['next']);
});

test('whatever the weather is, every reader gets every record once and in order', async () => {
  for (let seed = 1; seed <= 4; seed++) {
    await using tested = await begin({ tailBytesMax: 3_000 }, seed);
    const { cluster, writer, reader } = tested;
    Object.assign(cluster.weather, {
      ...{ clientDelayMax: 20, peerDelayMax: 10, dropBefore: 0.03, dropAfter: 0.03 },
      ...{ flip: 0.02, staleEnd: 0.1, evictSession: 0.1 },
    });
    const texts = numbered(0, 60);
    const readings = [0, 0, 10, 30].map((from) => follow(reader, from, 60 - from));
    await Promise.all(texts.map((text) => writer.append(of, batchOf(text))));
    const all = await Promise.all(readings);
    for (const [index, from] of [0, 0, 10, 30].entries()) assert.deepEqual(all[index], texts.slice(from));
  }
});

test('a client that is closed answers no reader, and wakes those that wait', async () => {
  await using tested = await begin();
  const { reader } = tested;
  const grown = reader.grown(of, 0, never);
  await tested.world.until(() => tested.heard.fetches.length > 0);
  await reader[Symbol.asyncDispose]();
  await grown;
  await assert.rejects(reader.read(of, 0, plenty), /closed/);
});
