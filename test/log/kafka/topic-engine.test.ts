import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OneShard } from '../../../harness/one-shard.ts';
import { batchOf, numbered, textsOf } from '../../../harness/shard-text.ts';
import { KafkaError } from '../../../src/env/kafka.ts';
import { silentLogger } from '../../../src/env/logger.ts';
import { StartError } from '../../../src/env/start-error.ts';
import { openJournal } from '../../../src/journal/journal.ts';
import { journalIn } from '../../../src/journal/journal-log.ts';
import { chunkBytes } from '../../../src/log/kafka/chunks.ts';
import { UnavailableError } from '../../../src/log/kafka/client.ts';
import { openTopicEngine } from '../../../src/log/kafka/topic-engine.ts';
import { TopicGuard } from '../../../src/log/kafka/topic-guard.ts';
import { DamagedError, DroppedError, type Engine } from '../../../src/log/log.ts';
import { add, counter } from '../../journal/counter.ts';
import { TestClock } from '../../log/world.ts';
import { ManualClock } from '../../services/kinesis/manual-clock.ts';
import { MemoryClient, MemoryKafka } from './memory-client.ts';

const key = { stream: 'journal', shard: 0 };
const logTopic = { topic: 'millrace.test.control.journal', partition: 0 };
const largeTopic = { topic: 'millrace.test.control.journal.snapshots', partition: 0 };
const plenty = { records: 10_000, bytes: 100_000_000 };
const never = new AbortController().signal;
const hourMs = 3_600_000;

/** Brokers in memory, and as many gateways on them as are opened. */
class World implements AsyncDisposable {
  readonly time = new TestClock();
  readonly kafka = new MemoryKafka(this.time);
  readonly clock = new ManualClock();
  readonly #opened = new AsyncDisposableStack();
  #gateways = 0;

  open(client = new MemoryClient(this.kafka)): Engine {
    const guard = new TopicGuard({ client, clock: this.clock, logger: silentLogger }, { replicationMin: 3 });
    this.#opened.use(guard);
    const writer = `g${this.#gateways++}`;
    const options = { prefix: 'millrace.test.control', replication: 3, writer };
    return openTopicEngine({ client, clock: this.clock, guard }, options);
  }

  /** The log in another gateway. */
  shard(client?: MemoryClient): OneShard {
    return new OneShard(this.open(client), key);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#opened.disposeAsync();
  }
}

function large(letter: string, chunks = 3): string {
  return letter.repeat(chunks * chunkBytes - 100);
}

test('what one gateway appends to a topic the others read, in the order of the calls', async () => {
  await using world = new World();
  const [one, other] = [world.shard(), world.shard()];
  const texts = numbered(0, 20);
  const appended = await Promise.all(texts.map((text) => one.append(batchOf(text))));
  assert.deepEqual(
    appended.map(({ first }) => first),
    texts.map((_, index) => index),
  );
  assert.deepEqual(await textsOf(other), texts);
  assert.deepEqual(await other.position(), { start: 0, end: 20, lastArrival: world.time.time });
  world.time.time += 5;
  assert.equal((await other.append(batchOf('last'))).first, 20);
  assert.equal(await one.seek(world.time.time), 20);
  assert.deepEqual(await textsOf(one, 19), ['record 19', 'last']);
  const late = await one.read(0, plenty, world.time.time);
  assert.deepEqual(
    late.map(({ first }) => first),
    [20],
  );
});

test('topics are made with all that promises rest on', async () => {
  await using world = new World();
  await world.shard().position();
  for (const { topic } of [logTopic, largeTopic]) {
    const { description } = world.kafka.topics.get(topic)!;
    assert.equal(description.partitions, 1);
    assert.equal(description.replication, 3);
    const { settings } = description;
    assert.equal(settings['min.insync.replicas'], '2');
    assert.equal(settings['unclean.leader.election.enable'], 'false');
    assert.equal(settings['retention.ms'], '-1');
  }
});

test('a batch too large for a topic is in chunks elsewhere, keeps its place, and is read whole', async () => {
  await using world = new World();
  const [one, other] = [world.shard(), world.shard()];
  const [first, second] = [large('a'), large('b', 2)];
  const appended = await Promise.all(
    ['small', first, 'between', second, 'last'].map((text) => one.append(batchOf(text))),
  );
  assert.deepEqual(
    appended.map((each) => each.first),
    [0, 1, 2, 3, 4],
  );
  assert.deepEqual(await textsOf(other), ['small', first, 'between', second, 'last']);
  const { entries } = world.kafka.partition(logTopic);
  assert.ok(
    entries.every(({ bytes }) => bytes!.length < 1000),
    'the log itself stays small',
  );
  assert.equal(world.kafka.partition(largeTopic).end, 5);
});

test('a large batch whose record became one batch with others is read whole', async () => {
  await using world = new World();
  const shard = world.shard();
  for (const text of ['first', large('a'), 'last']) await shard.append(batchOf(text));
  const { entries } = world.kafka.partition(logTopic);
  const bytes = Buffer.concat(entries.map((entry) => entry.bytes!));
  entries.splice(0, 3, { ...entries[0]!, count: 3, bytes });
  const texts = await textsOf(world.shard());
  assert.ok(texts.length === 3 && texts[1] === large('a') && texts[2] === 'last');
  await shard.trim(2);
  assert.deepEqual(
    (await shard.read(0, plenty)).map(({ first, count }) => [first, count]),
    [[2, 1]],
  );
});

test('large batches of two gateways, whose chunks lie among each other, are each their own', async () => {
  await using world = new World();
  const [one, other] = [world.shard(), world.shard()];
  const texts = [large('x'), large('y')];
  await Promise.all([one.append(batchOf(texts[0]!)), other.append(batchOf(texts[1]!))]);
  assert.deepEqual((await textsOf(world.shard())).sort(), texts);
});

test('a chunk that is missing, or is not what was written, is damage', async () => {
  await using world = new World();
  const shard = world.shard();
  await shard.append(batchOf(large('a')));
  const { entries } = world.kafka.partition(largeTopic);
  const kept = entries[1]!;
  entries[1] = { ...kept, bytes: batchOf('other').bytes };
  await assert.rejects(shard.read(0, plenty), (error) => {
    assert.ok(error instanceof DamagedError);
    assert.match(
      error.message,
      /^record 0 of millrace.test.control.journal: the chunks 0 to 2 of .* are not/,
    );
    return true;
  });
  world.kafka.partition(largeTopic).start = 2;
  await assert.rejects(
    shard.read(0, plenty),
    /chunk 0 of millrace.test.control.journal.snapshots is missing/,
  );
});

test('a large batch that is trimmed while it is read is not damage', async () => {
  await using world = new World();
  const shard = world.shard();
  await shard.append(batchOf(large('a')));
  await shard.append(batchOf('next'));
  class Slow extends MemoryClient {
    override async read(...asked: Parameters<MemoryClient['read']>) {
      if (asked[0].topic === largeTopic.topic) {
        world.kafka.partition(logTopic).start = 1;
        world.kafka.partition(largeTopic).start = 3;
      }
      return await super.read(...asked);
    }
  }
  const found = await world.shard(new Slow(world.kafka)).read(0, plenty);
  assert.deepEqual(
    found.map(({ first }) => first),
    [1],
  );
});

test('chunks that nothing names any more go once they are old, those of a crash too, and no younger ones', async () => {
  await using world = new World();
  const shard = world.shard();
  // A crash came after these, and before the record that was to name them.
  await shard.position();
  for (let chunk = 0; chunk < 2; chunk++) world.kafka.add(largeTopic, batchOf('left behind'));
  await shard.append(batchOf(large('a')));
  await shard.append(batchOf('between'));
  await shard.append(batchOf(large('b')));
  await shard.append(batchOf('c'));
  await shard.trim(1);
  assert.equal(world.kafka.partition(largeTopic).start, 0, 'they are young');
  world.time.time += 2 * hourMs;
  await shard.append(batchOf('d'));
  world.kafka.add(largeTopic, batchOf('of another gateway, under way'));
  await shard.trim(2);
  assert.equal(world.kafka.partition(largeTopic).start, 5, 'those of b are named');
  assert.deepEqual(await textsOf(shard, 2), [large('b'), 'c', 'd']);
  await shard.trim(3);
  assert.equal(world.kafka.partition(largeTopic).start, 8, 'what is young stays');
});

test('a large batch that took longer than its chunks are kept is written anew by its caller', async () => {
  await using world = new World();
  const shard = world.shard();
  await shard.position();
  world.kafka.beforeAnswer = async ({ topic }) => {
    if (topic === largeTopic.topic) await world.clock.advance(700_000);
  };
  await assert.rejects(shard.append(batchOf(large('a'))), UnavailableError);
  world.kafka.beforeAnswer = async () => {};
  assert.equal(await shard.end(), 0);
});

test('journals of two gateways on a topic are one', async () => {
  await using world = new World();
  const journals = await Promise.all(
    [world.open(), world.open()].map((engine) => openJournal(counter, journalIn(engine, key), 300)),
  );
  await Promise.all(
    Array.from({ length: 30 }, (_, number) => journals[number % 2]!.commit(() => add(number))),
  );
  const states = await Promise.all(journals.map((journal) => journal.current()));
  const fresh = await openJournal(counter, journalIn(world.open(), key), 300);
  for (const state of states) assert.deepEqual(state, fresh.state);
  assert.deepEqual(
    [...fresh.state.added].sort((a, b) => a - b),
    Array.from({ length: 30 }, (_, n) => n),
  );
});

test('a leader that was just elected and shows less than was acknowledged is asked again', async () => {
  await using world = new World();
  await world.shard().append(batchOf('acknowledged'));
  let late = 2;
  class Late extends MemoryClient {
    override async read(...asked: Parameters<MemoryClient['read']>) {
      const found = await super.read(...asked);
      if (asked[0].topic !== logTopic.topic || late-- <= 0) return found;
      return { ...found, batches: [], end: 0 };
    }
  }
  const texts = textsOf(world.shard(new Late(world.kafka)));
  while (late > 0) await world.clock.advance(50);
  await world.clock.advance(50);
  assert.deepEqual(await texts, ['acknowledged']);
});

test('brokers that let nobody read for a while are no reason to end', async () => {
  await using world = new World();
  const client = new MemoryClient(world.kafka);
  const shard = world.shard(client);
  await shard.append(batchOf('a'));
  const read = client.read.bind(client);
  client.read = async () => {
    throw new KafkaError(29, 'nobody may read here');
  };
  await assert.rejects(shard.read(0, plenty), UnavailableError);
  client.read = read;
  assert.deepEqual(await textsOf(shard), ['a']);
});

test('a wait for growth ends when another gateway appends, the log is dropped or the engine closed', async () => {
  await using world = new World();
  const [engine, other] = [world.open(), world.shard()];
  await other.append(batchOf('a'));
  const grown = engine.grown(key, 1, never);
  await other.append(batchOf('b'));
  await grown;
  const dropped = engine.grown({ stream: 'gone', shard: 0 }, 0, never);
  await engine.drop('gone');
  await dropped;
  await assert.rejects(engine.position({ stream: 'gone', shard: 0 }), DroppedError);
  const closed = engine.grown(key, 2, never);
  await engine.close();
  await closed;
  await assert.rejects(engine.position(key), /closed/);
});

test('a log on a topic is not sealed', async () => {
  await using world = new World();
  await assert.rejects(world.open().seal(key), /not sealed/);
});

test('a start on a topic that is too weak fails with one line', async () => {
  await using world = new World();
  await world.shard().position();
  await new MemoryClient(world.kafka).alterTopic(logTopic.topic, { 'min.insync.replicas': '1' });
  await assert.rejects(world.shard().position(), (error) => {
    assert.ok(error instanceof StartError);
    const wanted =
      'the topic millrace.test.control.journal has min.insync.replicas 1, and 2 or more is wanted';
    assert.equal(error.message, wanted);
    return true;
  });
});
