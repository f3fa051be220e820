import assert from 'node:assert/strict';
import { type BrokerTroubles, befall } from '../../../harness/kafka/broker-mischief.ts';
import type { FakeCluster } from '../../../harness/kafka/cluster.ts';
import { plainBatch, recordsIn } from '../../../harness/kafka/plain-batch.ts';
import { SeededRandom } from '../../../harness/random.ts';
import type { BrokerConnection, TopicSettings } from '../../../src/env/kafka.ts';
import { fetchOf } from '../../env/kafka/brokers-under-test.ts';
import { fakeBrokers } from './fake-brokers.ts';

const topic = 'ledger';
const of = { topic, partition: 0 };

/** What came of a ledger: what it broke, and what happened. */
export type Outcome = {
  readonly broken: readonly string[];
  readonly acknowledged: number;
  readonly events: readonly string[];
};

/**
 * A writer that sends a number again until it is acknowledged, then the next; a reader that notes what it
 * sees; and brokers that meet troubles for so long. In the end all is made whole, and the log has to hold
 * each number once, in order, at the offset that was acknowledged, in all replicas alike.
 */
export async function playLedger(
  seed: number,
  settings: TopicSettings,
  troubles: BrokerTroubles,
  troubledMs = 20_000,
): Promise<Outcome> {
  const random = new SeededRandom(seed);
  const events: string[] = [];
  const { cluster, scheduler } = fakeBrokers(seed, {}, { trace: (text) => note(text) });
  const note = (text: string) => events.push(`${scheduler.time.toFixed(3)} ${text}`);
  const acknowledged: number[] = [];
  const seen = new Map<number, string>();
  let isOver = false;
  const until = () => isOver;
  const made = async () => {
    const connection = await cluster.client().connect(cluster.addresses[0]!);
    const error = await connection.createTopic({ topic, partitions: 1, replication: 3, settings });
    assert.equal(error, 0);
    connection.close();
  };
  const stir = async () => {
    while (scheduler.time < troubledMs) {
      await scheduler.sleep(random.real(50, 2_500));
      befall(cluster, random, troubles);
    }
    cluster.heal();
    while (!cluster.isWhole) await scheduler.sleep(100);
    await scheduler.sleep(5_000);
    isOver = true;
  };
  await scheduler.run(made());
  await scheduler.run(
    Promise.all([
      stir(),
      write(cluster, (ms) => scheduler.sleep(ms), until, acknowledged, note),
      watch(cluster, (ms) => scheduler.sleep(ms), until, seen),
    ]),
    troubledMs + 120_000,
  );
  const broken = check(cluster, acknowledged, seen);
  cluster.close();
  return { broken, acknowledged: acknowledged.length, events };
}

type Sleep = (ms: number) => Promise<void>;

/** Offsets of the numbers that were acknowledged, by the numbers. */
async function write(
  cluster: FakeCluster,
  sleep: Sleep,
  isOver: () => boolean,
  acknowledged: number[],
  note: (text: string) => void,
): Promise<void> {
  const random = new SeededRandom(7);
  let producer: bigint | undefined;
  while (!isOver()) {
    await sleep(random.real(1, 60));
    await withLeader(cluster, async (connection) => {
      producer ??= (await connection.initProducerId()).id;
      for (let count = 0; count < 20; count++) {
        const sequence = acknowledged.length;
        const bytes = plainBatch({ values: [`${sequence}`], producer: { id: producer, epoch: 0, sequence } });
        const [answer] = await connection.produce({ timeoutMs: 1_000, batches: [{ ...of, bytes }] });
        note(`${sequence}: ${answer!.error} at ${answer!.first}`);
        if (answer!.error !== 0) return;
        acknowledged.push(answer!.first);
        await sleep(random.real(0, 30));
      }
    });
  }
}

/** Notes what readers see, at whatever broker. */
async function watch(
  cluster: FakeCluster,
  sleep: Sleep,
  isOver: () => boolean,
  seen: Map<number, string>,
): Promise<void> {
  let from = 0;
  while (!isOver()) {
    await sleep(100);
    await withLeader(cluster, async (connection) => {
      const { partitions } = await connection.fetch(fetchOf([{ ...of, from }]));
      for (const { offset, value } of recordsIn(partitions[0]!.bytes)) {
        seen.set(offset, value);
        from = Math.max(from, offset + 1);
      }
    });
  }
}

/** The leader by the word of the first broker that answers, which may be wrong. */
async function withLeader(
  cluster: FakeCluster,
  use: (connection: BrokerConnection) => Promise<void>,
): Promise<void> {
  const client = cluster.client();
  try {
    for (const address of cluster.addresses) {
      const connection = await client.connect(address).catch(() => undefined);
      if (connection === undefined) continue;
      const { topics } = await connection.metadata([topic]);
      const leader = topics[0]?.partitions[0]?.leader ?? -1;
      if (leader < 1) continue;
      await use(await client.connect(cluster.addresses[leader - 1]!));
      return;
    }
  } catch (error) {
    assert.equal(error instanceof Error && error.name, 'KafkaConnectionError');
  } finally {
    cluster.dismiss(client);
  }
}

function check(
  cluster: FakeCluster,
  acknowledged: readonly number[],
  seen: ReadonlyMap<number, string>,
): readonly string[] {
  const logs = cluster.brokers.map(({ replicas }) => {
    const [replica] = [...replicas].filter((each) => each.topic === topic);
    const { log } = replica!;
    return Buffer.concat(log.batchesFrom(0, log.end).map(({ bytes }) => bytes));
  });
  const broken = logs.flatMap((bytes, index) =>
    bytes.equals(logs[0]!) ? [] : [`broker ${index + 1} has other bytes than broker 1`],
  );
  const log = recordsIn(logs[0]!).map(({ value }) => value);
  acknowledged.forEach((offset, number) => {
    if (log[offset] !== `${number}`) broken.push(`${number} was acknowledged at ${offset}: ${log[offset]}`);
  });
  for (const [offset, value] of seen)
    if (log[offset] !== value) broken.push(`${value} was seen at ${offset}: ${log[offset]}`);
  if (new Set(log).size !== log.length) broken.push('a number is there twice');
  return broken;
}
