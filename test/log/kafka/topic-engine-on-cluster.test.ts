import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OneShard } from '../../../harness/one-shard.ts';
import { batchOf, textsOf } from '../../../harness/shard-text.ts';
import { type FollowedJournal, openJournal } from '../../../src/journal/journal.ts';
import { journalIn } from '../../../src/journal/journal-log.ts';
import { UnknownOutcomeError } from '../../../src/journal/outcomes.ts';
import { chunkBytes } from '../../../src/log/kafka/chunks.ts';
import type { KafkaClient } from '../../../src/log/kafka/client.ts';
import { openKafkaClient } from '../../../src/log/kafka/kafka-client.ts';
import { openTopicEngine } from '../../../src/log/kafka/topic-engine.ts';
import { TopicGuard } from '../../../src/log/kafka/topic-guard.ts';
import { type Engine, UnavailableError } from '../../../src/log/log.ts';
import { type Addition, add, type Counter, counter } from '../../journal/counter.ts';
import { KafkaWorld } from './world.ts';

const key = { stream: 'journal', shard: 0 };

type Gateway = AsyncDisposable & { readonly client: KafkaClient; readonly engine: Engine };

/** A gateway of a fake cluster, with an engine on topics. */
async function gatewayOn(world: KafkaWorld, writer: string): Promise<Gateway> {
  const { clock, cluster, logger } = world;
  const kafka = cluster.client();
  const asked = { kafka, bootstrap: cluster.addresses, rack: 'az1', clock, logger };
  const client = await openKafkaClient(asked, { patienceMs: 5_000 });
  const guard = new TopicGuard({ client, clock, logger }, { replicationMin: 3 });
  const engine = openTopicEngine(
    { client, clock, guard },
    { prefix: 'millrace.test.control', replication: 3, writer },
  );
  const dispose = async () => {
    await guard[Symbol.asyncDispose]();
    await engine.close();
    await client[Symbol.asyncDispose]();
  };
  return { client, engine, [Symbol.asyncDispose]: dispose };
}

test('a log on a topic of a cluster keeps small and large batches in their order', async () => {
  const world = new KafkaWorld();
  await world.run(async () => {
    await using one = await gatewayOn(world, 'one');
    await using other = await gatewayOn(world, 'other');
    const [log, same] = [new OneShard(one.engine, key), new OneShard(other.engine, key)];
    const texts = ['a', 'b'.repeat(2 * chunkBytes), 'c'];
    await Promise.all(texts.map((text) => log.append(batchOf(text))));
    const read = await textsOf(same);
    assert.ok(read.length === 3 && read.every((text, index) => text === texts[index]));
    assert.equal((await same.position()).end, 3);
    await log.trim(2);
    assert.deepEqual(
      await same.read(0, { records: 10, bytes: 100 }).then((all) => all.map(({ first }) => first)),
      [2],
    );
  });
});

for (const seed of [1, 2, 3, 4]) {
  test(`journals of three gateways are one while brokers come and go: seed ${seed}`, async () => {
    const world = new KafkaWorld(seed);
    const { clock, cluster, random } = world;
    const resolved: number[] = [];
    const unknown: number[] = [];
    const commit = async (journal: FollowedJournal<Counter, Addition>, number: number) => {
      await clock.sleep(random.below(20_000));
      try {
        await journal.commit(() => add(number));
        resolved.push(number);
      } catch (error) {
        assert.ok(error instanceof UnavailableError, String(error));
        if (error instanceof UnknownOutcomeError) unknown.push(number);
      }
    };
    const harm = async () => {
      for (let nth = 0; nth < 4; nth++) {
        await clock.sleep(random.below(4_000));
        const id = 1 + random.below(3);
        if (random.below(2) === 0) cluster.kill(id);
        else cluster.pause(id);
        await clock.sleep(random.below(6_000));
        cluster.heal();
      }
    };
    await world.run(async () => {
      const gateways = await Promise.all(['a', 'b', 'c'].map((writer) => gatewayOn(world, writer)));
      const open = ({ engine }: Gateway) => openJournal(counter, journalIn(engine, key), 500);
      const journals = await Promise.all(gateways.map(open));
      const commits = Array.from({ length: 40 }, (_, number) => commit(journals[number % 3]!, number));
      await Promise.all([...commits, harm()]);
      cluster.heal();
      await clock.sleep(30_000);
      const states = await Promise.all(journals.map((journal) => journal.current()));
      const fresh = (await open(gateways[0]!)).state;
      for (const state of states) assert.deepEqual(state, fresh);
      const { added } = fresh;
      assert.equal(new Set(added).size, added.length, 'each is there once');
      for (const number of resolved) assert.ok(added.includes(number), `${number} is there`);
      const told = new Set([...resolved, ...unknown]);
      assert.deepEqual(
        added.filter((number) => !told.has(number)),
        [],
        'none is there that was refused',
      );
      assert.ok(resolved.length >= 30, `${resolved.length} were committed`);
      for (const gateway of gateways) await gateway[Symbol.asyncDispose]();
    });
  });
}
