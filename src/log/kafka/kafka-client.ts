import type { Clock, Millis } from '../../env/clock.ts';
import type { BrokerAddress, Kafka, NewTopic, PartitionOf, TopicSettings } from '../../env/kafka.ts';
import type { Logger } from '../../env/logger.ts';
import type { NewBatch, ReadLimit } from '../log.ts';
import { Brokers } from './brokers.ts';
import { BrokersTime } from './brokers-time.ts';
import type {
  AppendedAt,
  Bounds,
  FetchedBatches,
  KafkaClient,
  KafkaOffset,
  Mark,
  TopicDescription,
} from './client.ts';
import { PartitionReader } from './partition-reader.ts';
import { Producer, type ProducerOptions } from './producer.ts';
import { Topics } from './topics.ts';

export type KafkaClientWorld = {
  readonly kafka: Kafka;
  /** Brokers to ask first who the brokers are. */
  readonly bootstrap: readonly BrokerAddress[];
  /** Where this process is: readers that are behind read from a replica nearby. */
  readonly rack: string;
  readonly clock: Clock;
  readonly logger: Logger;
};

export type KafkaClientOptions = Partial<ProducerOptions> & {
  /** How long something is asked again before the answer is `UnavailableError`. */
  readonly patienceMs?: Millis;
  /** What may be kept of the newest records. */
  readonly tailBytesMax?: number;
};

/**
 * Connects to a cluster. Rejects with `UnavailableError` when none of the brokers answers, and with
 * `KafkaError` when they refuse who this is.
 */
export async function openKafkaClient(
  { kafka, bootstrap, rack, clock, logger }: KafkaClientWorld,
  { patienceMs, tailBytesMax, ...pace }: KafkaClientOptions = {},
): Promise<KafkaClient> {
  const patience = patienceMs === undefined ? {} : { patienceMs };
  const brokers = await Brokers.open({ kafka, clock, logger }, { bootstrap, ...patience });
  const crc32c = (bytes: Uint8Array) => kafka.crc32c(bytes);
  return new ClientOfBrokers(
    brokers,
    new Producer(brokers, { crc32c, logger }, pace),
    new PartitionReader({ brokers, crc32c, clock, rack }, tailBytesMax),
    new Topics(brokers),
    new BrokersTime(clock, logger),
  );
}

class ClientOfBrokers implements KafkaClient {
  readonly time: BrokersTime;
  readonly #brokers: Brokers;
  readonly #producer: Producer;
  readonly #reader: PartitionReader;
  readonly #topics: Topics;

  constructor(
    brokers: Brokers,
    producer: Producer,
    reader: PartitionReader,
    topics: Topics,
    time: BrokersTime,
  ) {
    this.time = time;
    this.#brokers = brokers;
    this.#producer = producer;
    this.#reader = reader;
    this.#topics = topics;
  }

  async append(to: PartitionOf, batch: NewBatch | Mark): Promise<AppendedAt> {
    const began = this.#brokers.clock.now();
    const appended = await this.#producer.append(to, batch);
    this.time.heard(began, appended.arrival);
    this.#reader.appended(to, appended.first + ('mark' in batch ? 1 : batch.count));
    return appended;
  }

  read(of: PartitionOf, from: KafkaOffset, limit: ReadLimit): Promise<FetchedBatches> {
    return this.#reader.read(of, from, limit);
  }

  bounds(of: PartitionOf, when?: 'now'): Promise<Bounds> {
    return this.#reader.bounds(of, when);
  }

  seek(of: PartitionOf, time: Millis): Promise<KafkaOffset> {
    return this.#reader.seek(of, time);
  }

  grown(of: PartitionOf, past: KafkaOffset, signal: AbortSignal): Promise<void> {
    return this.#reader.grown(of, past, signal);
  }

  trim(of: PartitionOf, before: KafkaOffset): Promise<void> {
    return this.#reader.trim(of, before);
  }

  ensureTopic(topic: NewTopic): Promise<string> {
    return this.#topics.ensureTopic(topic);
  }

  deleteTopic(topic: string): Promise<void> {
    return this.#topics.deleteTopic(topic);
  }

  alterTopic(topic: string, settings: TopicSettings): Promise<void> {
    return this.#topics.alterTopic(topic, settings);
  }

  describeTopic(topic: string): Promise<TopicDescription | undefined> {
    return this.#topics.describeTopic(topic);
  }

  /** What was appended is answered first. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#producer[Symbol.asyncDispose]();
    this.#reader.close();
    await this.#brokers[Symbol.asyncDispose]();
  }
}
