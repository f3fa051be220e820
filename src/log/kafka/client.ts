import type { Millis } from '../../env/clock.ts';
import type { NewTopic, PartitionOf, TopicSettings } from '../../env/kafka.ts';
import type { LoggedBatch, NewBatch, ReadLimit } from '../log.ts';
import type { BrokersTime } from './brokers-time.ts';

export { UnavailableError } from '../log.ts';

/** A position in a partition of Kafka. */
export type KafkaOffset = number;

/**
 * The partitions of a cluster, whoever leads them now: what is asked is asked again until a broker answers
 * it. All reject with `UnavailableError` (`log.ts`) when no broker has for long, and with an error once the
 * client was closed.
 */
export interface KafkaClient extends AsyncDisposable {
  /** How the clock here stands to those of brokers. */
  readonly time: Pick<BrokersTime, 'offMs' | 'isFarOff'>;
  /**
   * Resolves once a batch is in all replicas in sync, and at least in `min.insync.replicas` of them. Batches
   * of a partition are appended in the order of the calls, each once, whatever had to be sent again; batches
   * of one turn share requests. Rejects with `UnavailableError` when it is not known what became of it:
   * then, and only then, it may still turn up, once, before or after later ones. `mark` is for records of
   * our own.
   */
  append(to: PartitionOf, batch: NewBatch | Mark): Promise<AppendedAt>;
  /**
   * Batches from the one that holds `from` on, up to what all replicas in sync have; verified. `from` before
   * the start means the start. At the end there are none.
   */
  read(of: PartitionOf, from: KafkaOffset, limit: ReadLimit): Promise<FetchedBatches>;
  /**
   * Where a partition begins and ends, by the word of its leader, as it was a second ago at most; one that
   * was deposed and does not know it may say it later. With `now` all is before the end that was acknowledged
   * to anyone before the call: the leader is asked after it, and other replicas whether it leads still (see
   * `LeaderCheck`).
   */
  bounds(of: PartitionOf, when?: 'now'): Promise<Bounds>;
  /** The first offset at or after a time, `end` when there is none. */
  seek(of: PartitionOf, time: Millis): Promise<KafkaOffset>;
  /**
   * Resolves when the end is past an offset, the client is closed or the signal is aborted. Never rejects.
   */
  grown(of: PartitionOf, past: KafkaOffset, signal: AbortSignal): Promise<void>;
  /** Forgets what is before an offset. */
  trim(of: PartitionOf, before: KafkaOffset): Promise<void>;
  /**
   * Makes a topic if it is not there, grows it to as many partitions if it has fewer, and resolves to its
   * UUID when every partition has a leader.
   */
  ensureTopic(topic: NewTopic): Promise<string>;
  deleteTopic(topic: string): Promise<void>;
  alterTopic(topic: string, settings: TopicSettings): Promise<void>;
  /** Undefined for a topic that is not there. */
  describeTopic(topic: string): Promise<TopicDescription | undefined>;
}

/** The half of a client that appends: `new Producer(brokers, env, options)`. */
export type AppendingClient = Pick<KafkaClient, 'append'> & AsyncDisposable;

/** The part of a client that has to do with topics as wholes: `new Topics(brokers)`. */
export type TopicsClient = Pick<KafkaClient, 'ensureTopic' | 'deleteTopic' | 'alterTopic' | 'describeTopic'>;

export type TopicDescription = {
  readonly id: string;
  readonly partitions: number;
  readonly replication: number;
  readonly settings: TopicSettings;
};

/** A record of our own among those of users: it takes an offset, and no reader is given it. */
export type Mark = { readonly mark: string };

export type AppendedAt = { readonly first: KafkaOffset; readonly arrival: Millis };

export type Bounds = { readonly start: KafkaOffset; readonly end: KafkaOffset };

/**
 * `first` of the batches are offsets of the partition. Between them offsets may be missing, those of marks:
 * `gaps` has the first offset of each gap behind `from`, up to the last batch, and up to `end` when no more
 * batches follow.
 */
export type FetchedBatches = Bounds & {
  readonly batches: readonly LoggedBatch[];
  readonly gaps: readonly KafkaOffset[];
};
