import assert from 'node:assert/strict';
import {
  type PlainBatch,
  plainBatch,
  type ReadRecord,
  recordsIn,
} from '../../../harness/kafka/plain-batch.ts';
import type {
  BrokerAddress,
  BrokerConnection,
  FetchedPartition,
  FetchRequest,
  Kafka,
  PartitionOf,
  ProduceAnswer,
  TopicSettings,
} from '../../../src/env/kafka.ts';

/** What can be done to brokers, by their ids. All resolve when it is done, not when its effects are seen. */
export type BrokerFaults = {
  kill(id: number): Promise<void> | void;
  /** Starts one that was killed. */
  start(id: number): Promise<void> | void;
  pause(id: number): Promise<void> | void;
  resume(id: number): Promise<void> | void;
};

/**
 * Three brokers or more, as the suite of the port needs them: all run, and nothing is the matter with them.
 */
export type KafkaUnderTest = {
  readonly kafka: Kafka;
  /** Of the brokers from id 1 on. */
  readonly addresses: readonly BrokerAddress[];
  readonly faults?: BrokerFaults;
  /** Lets time pass while the work is not done. */
  play(work: () => Promise<void>): Promise<void>;
  sleep(ms: number): Promise<void>;
  /** Brings everything back to what it was before a test. */
  heal(): Promise<void>;
};

/** For whatever brokers have to do before they answer otherwise. */
const patienceMs = 120_000;

/** For a request, which may wait for brokers that have just begun. */
export const timeoutMs = 30_000;

/** Brokers, and what tests ask of them again and again. */
export class Brokers {
  readonly kafka: Kafka;
  readonly addresses: readonly BrokerAddress[];
  readonly #tested: KafkaUnderTest;
  readonly #prefix: string;
  readonly #connections: BrokerConnection[] = [];
  #topics = 0;

  /** `prefix` begins the names of topics, and is another one for each test. */
  constructor(tested: KafkaUnderTest, prefix: string) {
    this.kafka = tested.kafka;
    this.addresses = tested.addresses;
    this.#tested = tested;
    this.#prefix = prefix;
  }

  get faults(): BrokerFaults {
    return this.#tested.faults!;
  }

  get ids(): readonly number[] {
    return this.addresses.map((_, index) => index + 1);
  }

  sleep(ms: number): Promise<void> {
    return this.#tested.sleep(ms);
  }

  async connect(id: number): Promise<BrokerConnection> {
    const connection = await this.kafka.connect(this.addresses[id - 1]!);
    this.#connections.push(connection);
    return connection;
  }

  /** Asks until the answer is there: undefined and a lost connection are none. */
  async eventually<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
    for (let waited = 0; waited < patienceMs; waited += 50) {
      const answer = await ask().catch((error: Error) => {
        if (error.name !== 'KafkaConnectionError') throw error;
        return undefined;
      });
      if (answer !== undefined) return answer;
      await this.sleep(50);
    }
    throw new Error(`never: ${what}`);
  }

  newName(): string {
    return `${this.#prefix}-${++this.#topics}`;
  }

  /** Makes a topic, and answers when every partition is led, and its leader knows. */
  async makeTopic(settings: TopicSettings = {}, partitions = 1, replication = 3): Promise<string> {
    const topic = this.newName();
    const connection = await this.connect(1);
    // Whatever times producers say, retention is not to act on them.
    const all = { 'retention.ms': '-1', ...settings };
    assert.equal(await connection.createTopic({ topic, partitions, replication, settings: all }), 0);
    for (let partition = 0; partition < partitions; partition++) await this.leaderOf({ topic, partition });
    return topic;
  }

  /** Who leads a partition, and says so itself, with a high watermark that it is sure of; one of `among`. */
  leaderOf({ topic, partition }: PartitionOf, among = this.ids): Promise<number> {
    return this.eventually(`a leader of ${topic}/${partition}`, async () => {
      for (const id of among) {
        const connection = await this.kafka.connect(this.addresses[id - 1]!).catch(() => undefined);
        if (connection === undefined) continue;
        try {
          const { topics } = await connection.metadata([topic]);
          if (topics[0]?.partitions[partition]?.leader !== id) continue;
          const [end] = await connection.listOffsets([{ topic, partition, time: 'latest' }]);
          if (end?.error === 0) return id;
        } finally {
          connection.close();
        }
      }
      return undefined;
    });
  }

  /** A connection to the leader of a topic's first partition. */
  async toLeader(topic: string, partition = 0): Promise<BrokerConnection> {
    return this.connect(await this.leaderOf({ topic, partition }));
  }

  async close(): Promise<void> {
    for (const connection of this.#connections) connection.close();
    await this.#tested.heal();
  }
}

/** Sends one batch to the first partition of a topic. */
export async function put(
  connection: BrokerConnection,
  topic: string,
  batch: PlainBatch | Buffer,
  timeout = timeoutMs,
): Promise<ProduceAnswer> {
  const bytes = Buffer.isBuffer(batch) ? batch : plainBatch(batch);
  const [answer] = await connection.produce({
    timeoutMs: timeout,
    batches: [{ topic, partition: 0, bytes }],
  });
  return answer!;
}

/** The offset of a batch that must be taken. */
export async function taken(
  connection: BrokerConnection,
  topic: string,
  batch: PlainBatch | Buffer,
): Promise<number> {
  const answer = await put(connection, topic, batch);
  assert.equal(answer.error, 0);
  return answer.first;
}

const plenty = 50 * 1024 * 1024;

/** A request without a session, for what there is. */
export function fetchOf(
  partitions: readonly (PartitionOf & { readonly from?: number; readonly bytesMax?: number })[],
  changes: Partial<FetchRequest> = {},
): FetchRequest {
  return {
    ...{ waitMs: 0, bytesMin: 1, bytesMax: plenty, rack: '' },
    session: { id: 0, epoch: -1 },
    partitions: partitions.map((each) => ({ from: 0, bytesMax: plenty, ...each })),
    forgotten: [],
    ...changes,
  };
}

/** What is in the first partition of a topic. */
export async function fetchOne(
  connection: BrokerConnection,
  topic: string,
  from = 0,
  changes: Partial<FetchRequest> = {},
): Promise<FetchedPartition> {
  const { error, partitions } = await connection.fetch(fetchOf([{ topic, partition: 0, from }], changes));
  assert.equal(error, 0);
  return partitions[0]!;
}

export async function recordsOf(connection: BrokerConnection, topic: string): Promise<readonly ReadRecord[]> {
  const { error, bytes } = await fetchOne(connection, topic);
  assert.equal(error, 0);
  return recordsIn(bytes);
}

export async function valuesOf(connection: BrokerConnection, topic: string): Promise<readonly string[]> {
  return (await recordsOf(connection, topic)).map(({ value }) => value);
}

/** The end of the first partition of a topic. */
export async function endOf(connection: BrokerConnection, topic: string): Promise<number> {
  const [answer] = await connection.listOffsets([{ topic, partition: 0, time: 'latest' }]);
  assert.equal(answer!.error, 0);
  return answer!.offset;
}
