import type { Millis } from '../../env/clock.ts';
import {
  type BrokerConnection,
  KafkaError,
  type KafkaErrorCode,
  type NewTopic,
  type TopicMetadata,
  type TopicSettings,
} from '../../env/kafka.ts';
import { Backoff } from './backoff.ts';
import type { Brokers } from './brokers.ts';
import { type TopicDescription, type TopicsClient, UnavailableError } from './client.ts';
import { errorCodes, isPassing } from './error-codes.ts';

/**
 * Topics as wholes. What is done to them any broker takes, and hands on to the controller; until all brokers
 * know of it, it takes a while. Repeating any of it is harmless.
 */
export class Topics implements TopicsClient {
  readonly #brokers: Brokers;
  readonly #patienceMs: Millis;

  constructor(brokers: Brokers, patienceMs: Millis = patienceMsDefault) {
    this.#brokers = brokers;
    this.#patienceMs = patienceMs;
  }

  ensureTopic(topic: NewTopic): Promise<string> {
    return this.#insist(`Topic ${topic.topic} cannot be had`, () => this.#approach(topic));
  }

  async deleteTopic(topic: string): Promise<void> {
    const gone = [errorCodes.none, errorCodes.unknownTopicOrPartition];
    await this.#change('delete', topic, gone, (connection) => connection.deleteTopic(topic));
    this.#brokers.forget(topic);
  }

  alterTopic(topic: string, settings: TopicSettings): Promise<void> {
    return this.#change('alter', topic, [errorCodes.none], (connection) =>
      connection.alterTopic(topic, settings),
    );
  }

  describeTopic(topic: string): Promise<TopicDescription | undefined> {
    return this.#insist(`Topic ${topic} cannot be described`, () =>
      this.#brokers.anywhere(async (connection) => {
        const { id, error, partitions } = await metadataOf(connection, topic);
        if (error === errorCodes.unknownTopicOrPartition) return { done: undefined };
        if (error !== errorCodes.none) return troubleOf(error, 'describe', topic);
        const described = await connection.describeTopic(topic);
        if (described.error === errorCodes.unknownTopicOrPartition) return { done: undefined };
        if (described.error !== errorCodes.none) return troubleOf(described.error, 'describe', topic);
        const replication = Math.min(...partitions.map(({ replicas }) => replicas.length));
        return { done: { id, partitions: partitions.length, replication, settings: described.settings } };
      }),
    );
  }

  /** A step towards a topic as it should be: its id once it is, else what is missing. */
  async #approach(topic: NewTopic): Promise<Step<string>> {
    const { id, error, partitions } = await this.#brokers.anywhere((connection) =>
      metadataOf(connection, topic.topic),
    );
    if (error === errorCodes.unknownTopicOrPartition) return this.#create(topic);
    if (error !== errorCodes.none) return troubleOf(error, 'show', topic.topic);
    if (partitions.length < topic.partitions) return this.#grow(topic, partitions.length);
    const unled = partitions.filter(({ leader }) => leader < 0).length;
    return unled === 0 ? { done: id } : `${unled} of its ${partitions.length} partitions have no leader`;
  }

  async #create(topic: NewTopic): Promise<string> {
    const partitions = Math.min(topic.partitions, partitionsMax);
    const error = await this.#brokers.anywhere((connection) =>
      connection.createTopic({ ...topic, partitions }),
    );
    // Another gateway was quicker, or brokers are missing that may come back.
    if (error === errorCodes.none || error === errorCodes.topicAlreadyExists)
      return 'not all brokers know it';
    if (error === errorCodes.invalidReplicationFactor) return 'there are too few brokers';
    return troubleOf(error, 'create', topic.topic);
  }

  async #grow({ topic, partitions }: NewTopic, there: number): Promise<string> {
    const next = Math.min(partitions, there + partitionsMax);
    const error = await this.#brokers.anywhere((connection) => connection.createPartitions(topic, next));
    // Another gateway was quicker.
    const isHarmless = error === errorCodes.none || error === errorCodes.invalidPartitions;
    return isHarmless ? `it has ${there} of ${partitions} partitions` : troubleOf(error, 'grow', topic);
  }

  #change(
    what: string,
    topic: string,
    good: readonly KafkaErrorCode[],
    ask: (connection: BrokerConnection) => Promise<KafkaErrorCode>,
  ): Promise<void> {
    return this.#insist(`Kafka cannot ${what} topic ${topic}`, async () => {
      const error = await this.#brokers.anywhere(ask);
      return good.includes(error) ? { done: undefined } : troubleOf(error, what, topic);
    });
  }

  /** Takes steps until one is the last, or patience ends. */
  async #insist<T>(trouble: string, step: () => Promise<Step<T>>): Promise<T> {
    const backoff = new Backoff(this.#brokers.clock, this.#patienceMs, this.#brokers.closed);
    for (;;) {
      const taken = await step().catch(reasonOf);
      if (typeof taken === 'object') return taken.done;
      await backoff.pause(`${trouble}: ${taken}.`);
    }
  }
}

/** What it was for, or why it goes on. */
type Step<T> = { readonly done: T } | string;

function reasonOf(error: unknown): string {
  if (error instanceof UnavailableError) return error.message;
  throw error;
}

/** The reason to try again, when the error passes. */
function troubleOf(error: KafkaErrorCode, what: string, topic: string): string {
  if (isPassing(error) && error !== errorCodes.unknownTopicOrPartition) return `Kafka's error ${error}`;
  throw new KafkaError(error, `Kafka refuses to ${what} topic ${topic} with its error ${error}.`);
}

async function metadataOf(connection: BrokerConnection, topic: string): Promise<TopicMetadata> {
  const { topics } = await connection.metadata([topic]);
  const metadata = topics.find((one) => one.topic === topic);
  if (metadata === undefined)
    throw new UnavailableError(`A broker was asked for topic ${topic} and says nothing.`);
  return metadata;
}

/**
 * A request may make 10,000 records of metadata (Kafka's QuorumController, MAX_RECORDS_PER_USER_OP), of which
 * a partition is one.
 */
const partitionsMax = 5_000;

/** Thousands of partitions take their time. */
const patienceMsDefault = 60_000;
