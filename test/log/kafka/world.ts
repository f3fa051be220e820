import { FakeCluster } from '../../../harness/kafka/cluster.ts';
import type { Timeline } from '../../../harness/kafka/timeline.ts';
import { SeededRandom } from '../../../harness/random.ts';
import { Scheduler } from '../../../sim/scheduler.ts';
import type { Clock, Millis } from '../../../src/env/clock.ts';
import type { BrokerConnection, Kafka, PartitionOf } from '../../../src/env/kafka.ts';
import { encodeBatch, recordsOf } from '../../../src/kinesis/record.ts';
import { Brokers } from '../../../src/log/kafka/brokers.ts';
import type { Leader } from '../../../src/log/kafka/leaders.ts';
import { Producer, type ProducerOptions } from '../../../src/log/kafka/producer.ts';
import { decodeRecordBatches } from '../../../src/log/kafka/record-batch-reader.ts';
import { Topics } from '../../../src/log/kafka/topics.ts';
import type { NewBatch } from '../../../src/log/log.ts';
import { TestLogger } from '../world.ts';

export const topic = 'topic';

/** A cluster of three fake brokers in a time of its own, and clients that append to it. */
export class KafkaWorld {
  readonly scheduler = new Scheduler();
  readonly timeline: Timeline;
  readonly clock: Clock;
  readonly cluster: FakeCluster;
  readonly random: SeededRandom;
  readonly logger = new TestLogger();

  constructor(seed = 1) {
    this.timeline = timelineOf(this.scheduler);
    this.clock = clockOf(this.scheduler);
    this.random = new SeededRandom(seed);
    const wall = this.clock;
    this.cluster = new FakeCluster({ timeline: this.timeline, wall, random: this.random.fork() });
  }

  /** Lets time pass until it is done. */
  run<T>(work: () => Promise<T>): Promise<T> {
    return this.scheduler.run(work());
  }

  async client(
    options: Partial<ProducerOptions> = {},
    kafka: Kafka = this.cluster.client(),
  ): Promise<TestClient> {
    const { clock, logger } = this;
    const brokers = await Brokers.open({ kafka, clock, logger }, { bootstrap: this.cluster.addresses });
    return { kafka, brokers, producer: new Producer(brokers, { crc32c: kafka.crc32c, logger }, options) };
  }

  /** A client that has a topic of so many partitions. */
  async clientOf(
    partitions: number,
    options: Partial<ProducerOptions> = {},
    kafka?: Kafka,
  ): Promise<TestClient> {
    const client = await this.client(options, kafka);
    await this.makeTopic(client.brokers, partitions);
    return client;
  }

  /** The broker that leads a partition. */
  leaderOf(partition: number): number {
    return this.cluster.placementOf({ topic, partition })!.leader;
  }

  /** As streams have them, with so many partitions. */
  async makeTopic(
    brokers: Brokers,
    partitions: number,
    settings: Record<string, string> = {},
  ): Promise<string> {
    return new Topics(brokers).ensureTopic({
      topic,
      partitions,
      replication: 3,
      settings: {
        'min.insync.replicas': '2',
        'unclean.leader.election.enable': 'false',
        'message.timestamp.type': 'LogAppendTime',
        ...settings,
      },
    });
  }

  /** Texts and their offsets, as readers would get them. */
  async read({ brokers, kafka }: TestClient, partition: number): Promise<[number, string][]> {
    const of = { topic, partition };
    const read: [number, string][] = [];
    for (let from = 0; ; ) {
      const bytes = await fetched(brokers, of, from);
      const { batches, end } = decodeRecordBatches(bytes, { of, from }, kafka.crc32c);
      for (const batch of batches)
        for (const { offset, data } of recordsOf(batch))
          if (offset >= from) read.push([offset, String(data)]);
      if (end === from) return read;
      from = end;
    }
  }
}

export type TestClient = { readonly kafka: Kafka; readonly brokers: Brokers; readonly producer: Producer };

export function batchOf(...texts: string[]): NewBatch {
  return encodeBatch(texts.map((text) => ({ partitionKey: 'key', data: Buffer.from(text) })));
}

async function fetched(brokers: Brokers, of: PartitionOf, from: number): Promise<Buffer> {
  const ask = async (connection: BrokerConnection, { epoch: leaderEpoch }: Leader) => {
    const partitions = [{ ...of, from, bytesMax: 1024 * 1024, leaderEpoch }];
    const limits = { waitMs: 0, bytesMin: 0, bytesMax: 1024 * 1024, rack: '' };
    const answer = await connection.fetch({
      ...limits,
      session: { id: 0, epoch: -1 },
      partitions,
      forgotten: [],
    });
    return answer.partitions[0]!;
  };
  const answer = await brokers.atLeader(of, 'catch-up', ask);
  if (answer.error !== 0) throw new Error(`The fetch answers ${answer.error}.`);
  return answer.bytes;
}

function timelineOf(scheduler: Scheduler): Timeline {
  return {
    get time() {
      return scheduler.time;
    },
    after: (delay, action, ...signals) =>
      scheduler.after(delay, () => {
        if (!signals.some(({ aborted }) => aborted)) action();
      }),
  };
}

function clockOf(scheduler: Scheduler): Clock {
  return {
    now: () => Math.floor(epoch + scheduler.time),
    monotonic: () => scheduler.time,
    turn: () => scheduler.sleep(0),
    sleep: (delay: Millis, signal?: AbortSignal) =>
      new Promise((resolve) => {
        signal?.addEventListener('abort', () => resolve());
        scheduler.after(Math.max(1, delay), resolve);
      }),
  };
}

const epoch: Millis = 1_700_000_000_000;
