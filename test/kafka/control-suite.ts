import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { OneShard } from '../../harness/one-shard.ts';
import { batchOf, textsOf } from '../../harness/shard-text.ts';
import { silentLogger } from '../../src/env/logger.ts';
import { nodeClock as clock } from '../../src/env/node-clock.ts';
import { StartError } from '../../src/env/start-error.ts';
import { openJournal } from '../../src/journal/journal.ts';
import { journalIn } from '../../src/journal/journal-log.ts';
import { UnknownOutcomeError } from '../../src/journal/outcomes.ts';
import { chunkBytes } from '../../src/log/kafka/chunks.ts';
import { openKafkaClient } from '../../src/log/kafka/kafka-client.ts';
import { openTopicEngine } from '../../src/log/kafka/topic-engine.ts';
import { TopicGuard } from '../../src/log/kafka/topic-guard.ts';
import { add, counter } from '../journal/counter.ts';
import type { RealCluster } from './real-cluster.ts';

/** What gateways have together: logs on topics of their own, and journals on these. */
export function controlSuite(cluster: RealCluster): void {
  suite('logs of several gateways on topics', () => {
    after(() => cluster.heal());

    test('small and large batches keep their order, and what is trimmed is gone', async () => {
      await using one = await gatewayOn(cluster, 'one');
      await using other = await gatewayOn(cluster, 'other');
      const key = { stream: 'batches', shard: 0 };
      const [log, same] = [new OneShard(one.engine, key), new OneShard(other.engine, key)];
      const texts = ['a', 'b'.repeat(3 * chunkBytes), 'c'];
      await Promise.all(texts.map((text) => log.append(batchOf(text))));
      const read = await textsOf(same);
      assert.ok(read.length === 3 && read.every((text, index) => text === texts[index]));
      await log.trim(2);
      const left = await same.read(0, { records: 10, bytes: 100 });
      assert.deepEqual(
        left.map(({ first, count }) => [first, count]),
        [[2, 1]],
      );
    });

    test('journals of three gateways are one, also while a broker is killed', async () => {
      await using gateways = new AsyncDisposableStack();
      const key = { stream: 'journal', shard: 0 };
      const open = async (writer: string) => {
        const { engine } = gateways.use(await gatewayOn(cluster, writer));
        return await openJournal(counter, journalIn(engine, key), 400);
      };
      const journals = await Promise.all(['a', 'b', 'c'].map(open));
      const unknown: number[] = [];
      const commit = async (number: number) => {
        try {
          await journals[number % 3]!.commit(() => add(number));
        } catch (error) {
          assert.ok(error instanceof UnknownOutcomeError, String(error));
          unknown.push(number);
        }
      };
      const numbers = Array.from({ length: 60 }, (_, number) => number);
      await Promise.all(numbers.slice(0, 20).map(commit));
      const leader = await cluster.leaderOf('millrace.control-test.control.journal', 0);
      await Promise.all([cluster.kill(leader), ...numbers.slice(20).map(commit)]);
      await cluster.heal();
      const states = await Promise.all(journals.map((journal) => journal.current()));
      const fresh = (await open('d')).state;
      for (const state of states) assert.deepEqual(state, fresh);
      const { added } = fresh;
      assert.equal(new Set(added).size, added.length);
      const missing = numbers.filter((number) => !added.includes(number) && !unknown.includes(number));
      assert.deepEqual(missing, []);
    });

    test('a topic as it is made is strong enough, and one that was weakened is refused', async () => {
      const key = { stream: 'watched', shard: 0 };
      await using one = await gatewayOn(cluster, 'one');
      await one.engine.position(key);
      const topic = 'millrace.control-test.control.watched';
      await one.client.alterTopic(topic, { 'unclean.leader.election.enable': 'true' });
      const refusal = async (): Promise<unknown> => {
        await using other = await gatewayOn(cluster, 'other');
        return await other.engine.position(key).then(
          () => undefined,
          (error: unknown) => error,
        );
      };
      // Brokers hear of it one after the other.
      let error = await refusal();
      while (error === undefined) error = await refusal();
      assert.ok(error instanceof StartError);
      const wanted = `the topic ${topic} has unclean.leader.election.enable true, and false is wanted`;
      assert.equal(error.message, wanted);
    });
  });
}

async function gatewayOn(cluster: RealCluster, name: string) {
  const { kafka, addresses: bootstrap } = cluster;
  const logger = silentLogger;
  const client = await openKafkaClient({ kafka, bootstrap, rack: 'az1', clock, logger });
  const guard = new TopicGuard({ client, clock, logger }, { replicationMin: 3 });
  const writer = `${name}-${process.pid}`;
  const options = { prefix: 'millrace.control-test.control', replication: 3, writer };
  const engine = openTopicEngine({ client, clock, guard }, options);
  const dispose = async () => {
    await guard[Symbol.asyncDispose]();
    await engine.close();
    await client[Symbol.asyncDispose]();
  };
  return { client, engine, [Symbol.asyncDispose]: dispose };
}
