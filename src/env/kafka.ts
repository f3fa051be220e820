import type { Millis } from './clock.ts';

/**
 * A cluster of brokers that speak Kafka's protocol, a broker and a request at a time. What leads what, what
 * is sent again and what order means is the business of `log/kafka/`.
 */
export interface Kafka {
  /**
   * Connects to a broker and proves who this client is. Rejects with `KafkaConnectionError`, and with
   * `KafkaError` when the broker refuses the credentials.
   */
  connect(broker: BrokerAddress): Promise<BrokerConnection>;
  /** CRC-32C (RFC 9260, appendix A), as the machine does it fastest. */
  crc32c(bytes: Uint8Array): number;
}

/** How a client of Kafka introduces itself to every broker. */
export type KafkaSettings = {
  /** What brokers log it as, and count its quotas by. */
  readonly clientId: string;
  /** Undefined for connections without TLS. */
  readonly tls: KafkaTls | undefined;
  /** Undefined for brokers that let everyone in, and those that only look at the certificate. */
  readonly sasl: KafkaSasl | undefined;
};

/** All in PEM. */
export type KafkaTls = {
  /** The authorities that brokers' certificates must be by; undefined: those that Node trusts. */
  readonly authorities: string | undefined;
  /** What the client shows. */
  readonly own: { readonly certificate: string; readonly key: string } | undefined;
};

/** Secrets are asked for at each connection: a token may have been renewed meanwhile. */
export type KafkaSasl =
  | {
      readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
      readonly user: string;
      readonly password: () => Promise<string>;
    }
  | { readonly mechanism: 'OAUTHBEARER'; readonly token: () => Promise<string> };

export type BrokerAddress = { readonly host: string; readonly port: number };

/**
 * One connection. A broker works on the requests of a connection one after the other, in the order in which
 * they were sent; several may be under way. Every request rejects with `KafkaConnectionError` when the
 * connection ends, or the answer takes longer than asked for: then nobody knows whether it was carried out,
 * and the connection is over. An error that concerns one topic or partition is in its answer, as Kafka's
 * error code (0 for none); one that concerns the request as a whole rejects with `KafkaError`.
 */
export interface BrokerConnection {
  /** Resolves when the connection is over, whichever side ended it. */
  readonly closed: Promise<void>;
  /** The brokers, and of the topics named who leads which partition. Without names, no topic is looked at. */
  metadata(topics: readonly string[]): Promise<ClusterMetadata>;
  /** A producer id of its own for an idempotent producer, without a transactional id. */
  initProducerId(): Promise<{ readonly id: bigint; readonly epoch: number }>;
  /** Appends record batches, as `acks=all`. */
  produce(request: ProduceRequest): Promise<readonly ProduceAnswer[]>;
  fetch(request: FetchRequest): Promise<FetchAnswer>;
  listOffsets(asked: readonly OffsetQuestion[]): Promise<readonly OffsetAnswer[]>;
  createTopic(topic: NewTopic): Promise<KafkaErrorCode>;
  /** Grows a topic to `partitions` in all. */
  createPartitions(topic: string, partitions: number): Promise<KafkaErrorCode>;
  deleteTopic(topic: string): Promise<KafkaErrorCode>;
  /** Sets some of a topic's settings, and leaves the others. */
  alterTopic(topic: string, settings: TopicSettings): Promise<KafkaErrorCode>;
  /** All of a topic's settings in force, by name. */
  describeTopic(topic: string): Promise<{ readonly error: KafkaErrorCode; readonly settings: TopicSettings }>;
  /** Forgets the records before an offset. Answers the oldest offset that is left. */
  deleteRecords(partition: PartitionOf, before: number): Promise<OffsetAnswer>;
  close(): void;
}

/** As Kafka numbers its errors (Kafka protocol guide, "Error Codes"); 0 for none. */
export type KafkaErrorCode = number;

export type PartitionOf = { readonly topic: string; readonly partition: number };

export type TopicSettings = Readonly<Record<string, string>>;

export type NewTopic = {
  readonly topic: string;
  readonly partitions: number;
  readonly replication: number;
  readonly settings: TopicSettings;
};

export type ClusterMetadata = {
  readonly clusterId: string;
  readonly controller: number;
  readonly brokers: readonly (BrokerAddress & { readonly id: number; readonly rack: string | undefined })[];
  readonly topics: readonly TopicMetadata[];
};

export type TopicMetadata = {
  readonly topic: string;
  readonly error: KafkaErrorCode;
  /** The topic's UUID, in hex without dashes; another one when a topic of this name was made anew. */
  readonly id: string;
  readonly partitions: readonly PartitionMetadata[];
};

export type PartitionMetadata = {
  readonly partition: number;
  readonly error: KafkaErrorCode;
  /** The leading broker's id, −1 for none. */
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly replicas: readonly number[];
  readonly inSync: readonly number[];
};

export type ProduceRequest = {
  readonly timeoutMs: Millis;
  /** Of each partition exactly one record batch of format 2, with checksum and sequence. */
  readonly batches: readonly (PartitionOf & { readonly bytes: Buffer })[];
};

export type ProduceAnswer = PartitionOf & {
  readonly error: KafkaErrorCode;
  /**
   * The offset of the batch's first record. With an error that comes after the leader appended it (a
   * time-out, a new leader) where it stands there: it may stay or be gone. −1 when it was not appended.
   */
  readonly first: number;
  /** The broker's wall clock when the batch was appended, −1 where the topic keeps the producer's time. */
  readonly appendedAt: Millis;
  /** The oldest offset that is left. */
  readonly start: number;
};

export type FetchRequest = {
  /** How long the broker waits until there are `bytesMin`. */
  readonly waitMs: Millis;
  readonly bytesMin: number;
  readonly bytesMax: number;
  /** The reader's rack: the answer may then name a nearer replica. */
  readonly rack: string;
  /** An incremental fetch session (KIP-227); 0 and epoch −1 for none, 0 and 0 to begin one. */
  readonly session: { readonly id: number; readonly epoch: number };
  /** In a session, what has changed of it since the request before. */
  readonly partitions: readonly WantedPartition[];
  readonly forgotten: readonly PartitionOf[];
};

/**
 * With a leader epoch, a broker that knows a later one answers 74, and one that knows only an earlier one 75
 * (KIP-320): without, any replica answers as far as it knows.
 */
export type WantedPartition = PartitionOf & {
  readonly from: number;
  readonly bytesMax: number;
  readonly leaderEpoch?: number;
};

export type FetchAnswer = {
  readonly error: KafkaErrorCode;
  readonly sessionId: number;
  readonly partitions: readonly FetchedPartition[];
};

export type FetchedPartition = PartitionOf & {
  readonly error: KafkaErrorCode;
  /** The offset after the last record that all replicas in sync have. */
  readonly highWatermark: number;
  readonly start: number;
  /** A broker that is nearer, −1 for none. */
  readonly preferredReplica: number;
  /**
   * Record batches as they are stored, unverified. The first may begin before the offset that was asked for,
   * the last may be cut off.
   */
  readonly bytes: Buffer;
};

/**
 * For the first offset at or after `time` (milliseconds since the epoch), or one of these. A request asks
 * about a partition once: brokers refuse to answer of one that it names twice. `leaderEpoch` as in a fetch.
 */
export type OffsetQuestion = PartitionOf & {
  readonly time: Millis | 'earliest' | 'latest';
  readonly leaderEpoch?: number;
};

/** `offset` is −1 where no record is at or after the time. */
export type OffsetAnswer = PartitionOf & { readonly error: KafkaErrorCode; readonly offset: number };

/** The connection is over, and it is not known what became of the request. */
export class KafkaConnectionError extends Error {
  override readonly name = 'KafkaConnectionError';
}

/** A broker refuses a request as a whole. */
export class KafkaError extends Error {
  override readonly name = 'KafkaError';
  readonly code: KafkaErrorCode;

  constructor(code: KafkaErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
