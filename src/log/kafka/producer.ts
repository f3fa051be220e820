import type { Millis } from '../../env/clock.ts';
import { detached, unthinkable } from '../../env/detached.ts';
import { KafkaError, type PartitionOf } from '../../env/kafka.ts';
import type { Logger } from '../../env/logger.ts';
import { type NewBatch, OverloadedError } from '../log.ts';
import { pauseMsMax, pauseMsMin } from './backoff.ts';
import type { Brokers } from './brokers.ts';
import { type AppendedAt, type AppendingClient, type Mark, UnavailableError } from './client.ts';
import { isPassing, isTemporary } from './error-codes.ts';
import { type Attempt, PartitionAppends, type Tally } from './partition-appends.ts';
import { type Pace, ProduceQueue } from './produce-queue.ts';
import { verdictOf } from './produce-verdict.ts';
import { bytesIn } from './record-batch-writer.ts';

export type ProducerOptions = Pace & {
  /** What may wait to be stored, in all: bytes and appends. */
  readonly waitingBytesMax: number;
  readonly waitingMax: number;
  /** After so long the caller of an append is told that it is not known what became of it. */
  readonly deliveryMs: Millis;
};

export type ProducerEnv = {
  readonly crc32c: (bytes: Uint8Array) => number;
  readonly logger: Logger;
};

/**
 * Appends to partitions, whoever leads them, each exactly once: an idempotent producer (KIP-98) without
 * transactions. An append is acknowledged when a leader has answered that all replicas in sync have it. Of a
 * partition one record batch is under way at a time, which is sent again until its fate is known; partitions
 * do not wait for each other, and those of one leader share requests.
 */
export class Producer implements AppendingClient {
  readonly #brokers: Brokers;
  readonly #env: ProducerEnv;
  readonly #options: ProducerOptions;
  readonly #tally: Tally = { appends: 0, bytes: 0 };
  /** By topic and partition. */
  readonly #partitions = new Map<string, Map<number, PartitionAppends>>();
  /** Those that somebody waits for. */
  readonly #active = new Set<PartitionAppends>();
  /** By broker. */
  readonly #queues = new Map<number, ProduceQueue>();
  /** The identity with which partitions begin. */
  #identity: Promise<Identity> | undefined;
  #isSweeping = false;
  #pruneAt: Millis;
  #isClosed = false;

  constructor(brokers: Brokers, env: ProducerEnv, options: Partial<ProducerOptions> = {}) {
    this.#brokers = brokers;
    this.#env = env;
    this.#options = { ...producerDefaults, ...options };
    this.#pruneAt = brokers.clock.monotonic() + idleMsMax;
  }

  /** As `KafkaClient.append`; also rejects with `OverloadedError` when too much waits already. */
  append(to: PartitionOf, batch: NewBatch | Mark): Promise<AppendedAt> {
    if (this.#isClosed) return Promise.reject(new UnavailableError('The client of Kafka was closed.'));
    const { waitingBytesMax, waitingMax, deliveryMs } = this.#options;
    if (this.#tally.bytes > waitingBytesMax || this.#tally.appends >= waitingMax) {
      return Promise.reject(new OverloadedError('More waits for Kafka than is held. Try again.'));
    }
    const { promise, resolve, reject } = Promise.withResolvers<AppendedAt>();
    const now = this.#brokers.clock.monotonic();
    const partition = this.#partition(to);
    partition.usedAt = now;
    partition.add({ batch, bytes: bytesIn(batch), until: now + deliveryMs, resolve, reject }, promise);
    this.#active.add(partition);
    if (!partition.isSeenTo) this.#seeTo(partition);
    if (!this.#isSweeping) detached(this.#sweep(), unthinkable);
    return promise;
  }

  /** Resolves when every append to the partition that was called before has resolved or rejected. */
  async settled(of: PartitionOf): Promise<void> {
    // They are told in the order of the calls.
    await this.#partitions.get(of.topic)?.get(of.partition)?.latest?.then(nothing, nothing);
  }

  /** Takes no more appends, and resolves when all were answered. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#active].map(({ of }) => this.settled(of)));
  }

  #partition({ topic, partition }: PartitionOf): PartitionAppends {
    let ofTopic = this.#partitions.get(topic);
    if (ofTopic === undefined) {
      ofTopic = new Map();
      this.#partitions.set(topic, ofTopic);
    }
    let appends = ofTopic.get(partition);
    if (appends === undefined) {
      appends = new PartitionAppends({ topic, partition }, this.#tally);
      ofTopic.set(partition, appends);
    }
    return appends;
  }

  /** Has something sent, if there is something: at once where it is known where to. */
  #seeTo(partition: PartitionAppends): void {
    partition.isSeenTo = false;
    partition.giveUp();
    if (partition.isEmpty) {
      this.#active.delete(partition);
      return;
    }
    partition.isSeenTo = true;
    const leader = partition.producer === undefined ? undefined : this.#brokers.knownLeader(partition.of);
    if (leader === undefined) detached(this.#search(partition), unthinkable);
    else this.#queue(leader.broker).add(partition);
  }

  #queue(broker: number): ProduceQueue {
    let queue = this.#queues.get(broker);
    if (queue === undefined) {
      const env = {
        brokers: this.#brokers,
        crc32c: this.#env.crc32c,
        ended: (partition: PartitionAppends, attempt: Attempt | KafkaError) =>
          this.#ended(broker, partition, attempt),
        moved: (partition: PartitionAppends) => this.#seeTo(partition),
      };
      queue = new ProduceQueue(broker, env, this.#options);
      this.#queues.set(broker, queue);
    }
    return queue;
  }

  #ended(broker: number, partition: PartitionAppends, attempt: Attempt | KafkaError): void {
    if (attempt instanceof KafkaError && !isPassing(attempt.code)) {
      partition.refused(attempt);
      this.#seeTo(partition);
      return;
    }
    const outcome = attempt instanceof KafkaError ? 'no answer' : attempt;
    const verdict = typeof outcome === 'string' ? outcome : verdictOf(outcome.error, outcome.first);
    if (verdict === 'out of sequence' || verdict === 'other producer') {
      const { topic, partition: number } = partition.of;
      this.#env.logger.warn('a leader does not know what was appended before', { topic, partition: number });
    }
    if (verdict === 'unsure' || verdict === 'no answer' || verdict === 'not sent') {
      const leader = this.#brokers.knownLeader(partition.of);
      if (leader?.broker === broker) this.#brokers.doubt(partition.of, leader);
    }
    if (partition.attempted(outcome)) this.#seeTo(partition);
    else detached(this.#pauseBefore(partition), unthinkable);
  }

  async #pauseBefore(partition: PartitionAppends): Promise<void> {
    const pauseMs = Math.min(pauseMsMin * 2 ** (partition.failures - 1), pauseMsMax);
    await this.#brokers.clock.sleep(pauseMs);
    this.#seeTo(partition);
  }

  async #search(partition: PartitionAppends): Promise<void> {
    if (await this.#isReady(partition)) {
      this.#seeTo(partition);
      return;
    }
    partition.failures += 1;
    await this.#pauseBefore(partition);
  }

  /** Finds out who leads a partition, and gives it an identity. False when it has to be tried again. */
  async #isReady(partition: PartitionAppends): Promise<boolean> {
    try {
      const leader = await this.#brokers.leader(partition.of);
      if (partition.producer === undefined) partition.begin(await this.#identityBut(partition.former));
      return leader !== undefined;
    } catch (error) {
      if (isTemporary(error)) return false;
      partition.fail(error);
      return true;
    }
  }

  /** An identity, and another one than a former one. */
  async #identityBut(former: bigint | undefined): Promise<Identity> {
    this.#identity ??= this.#newIdentity();
    const current = this.#identity;
    const identity = await current;
    if (identity.id !== former) return identity;
    if (this.#identity === current) this.#identity = undefined;
    return this.#identityBut(former);
  }

  async #newIdentity(): Promise<Identity> {
    try {
      return await this.#brokers.anywhere((connection) => connection.initProducerId());
    } catch (error) {
      this.#identity = undefined;
      throw error;
    }
  }

  /** Tells callers whose time is over, and looks after slow brokers, while anybody waits. */
  async #sweep(): Promise<void> {
    this.#isSweeping = true;
    const { clock } = this.#brokers;
    while (this.#active.size > 0) {
      await clock.sleep(sweepMs);
      const now = clock.monotonic();
      for (const partition of this.#active) partition.expire(now);
      for (const queue of this.#queues.values()) queue.lookAfter(now - slowMs);
      if (now >= this.#pruneAt) this.#prune(now);
    }
    this.#isSweeping = false;
  }

  /**
   * Forgets partitions that were not used for long. They begin with another identity, should they come back:
   * brokers may still know the sequences of this one.
   */
  #prune(now: Millis): void {
    this.#pruneAt = now + idleMsMax;
    for (const [topic, ofTopic] of this.#partitions) {
      for (const [number, partition] of ofTopic) {
        if (partition.isSeenTo || now - partition.usedAt < idleMsMax) continue;
        ofTopic.delete(number);
        this.#identity = undefined;
      }
      if (ofTopic.size === 0) this.#partitions.delete(topic);
    }
  }
}

type Identity = { readonly id: bigint; readonly epoch: number };

function nothing(): void {}

const mebibyte = 1024 * 1024;

export const producerDefaults: ProducerOptions = {
  lingerMs: 3,
  requestsMax: 3,
  batchBytesMax: mebibyte,
  requestBytesMax: 8 * mebibyte,
  requestMs: 4000,
  waitingBytesMax: 128 * mebibyte,
  waitingMax: 50_000,
  deliveryMs: 10_000,
};

/** Streams come and go, and so do their partitions. */
const idleMsMax = 3_600_000;
const sweepMs = 250;
/** A request that takes longer is looked after. */
const slowMs = 1000;
