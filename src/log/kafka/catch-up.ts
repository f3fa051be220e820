import { Bounded } from '../../env/bounded.ts';
import type { Clock, Millis } from '../../env/clock.ts';
import {
  type BrokerConnection,
  type FetchedPartition,
  KafkaConnectionError,
  KafkaError,
  type KafkaErrorCode,
  type PartitionOf,
  type WantedPartition,
} from '../../env/kafka.ts';
import { DamagedError, type ReadLimit } from '../log.ts';
import { Permits } from '../permits.ts';
import type { Brokers } from './brokers.ts';
import { type Bounds, type FetchedBatches, type KafkaOffset, UnavailableError } from './client.ts';
import { errorCodes } from './error-codes.ts';
import { FetchedPage } from './fetched-page.ts';
import { type DecodedBatches, decodeRecordBatches } from './record-batch-reader.ts';

export type CatchUpEnv = {
  readonly brokers: Brokers;
  readonly crc32c: (bytes: Uint8Array) => number;
  readonly clock: Clock;
  readonly rack: string;
};

/**
 * Reads of readers that are behind: each asks a broker, the leader, or one in this rack where the leader
 * names one (KIP-392). So many at once, so that their answers fit into memory.
 */
export class CatchUp {
  readonly #env: CatchUpEnv;
  readonly #permits = new Permits(fetchesMax);
  /** By partition, replicas nearby, and where they ended. */
  readonly #nearby = new Bounded<string, Nearby>(partitionsMax);
  readonly #ends = new Bounded<string, KafkaOffset>(partitionsMax);

  constructor(env: CatchUpEnv) {
    this.#env = env;
  }

  /**
   * As `KafkaClient.read`. Who is told that there is no more is told so by the leader's word on where the
   * partition ends, which after an election it has only once it knows what was acknowledged before (KIP-207).
   * What it answers a fetch with may be older, and what a replica nearby answers with is.
   */
  async read(of: PartitionOf, from: KafkaOffset, limit: ReadLimit): Promise<FetchedBatches> {
    let page = new FetchedPage(from, limit);
    let bounds: Bounds = { start: 0, end: 0 };
    const decoded = new Decoding(this.#env.crc32c);
    for (let at = from; ; ) {
      const fetched = await this.#permits.with(() => this.#fetch(of, at, limit.bytes, bounds.end));
      if (fetched.error === errorCodes.offsetOutOfRange) {
        bounds = await this.bounds(of);
        if (at >= bounds.start) return page.seenUpTo(at, bounds);
        at = bounds.start;
        page = new FetchedPage(at, limit);
        continue;
      }
      requireNone(of, fetched.error);
      bounds = { start: Math.max(0, fetched.start), end: Math.max(bounds.end, fetched.highWatermark) };
      if (fetched.bytes.length > 0) {
        const { batches, end } = decoded.of(of, at, fetched) ?? { batches: [], end: at };
        for (const batch of batches) page.add(batch);
        at = end;
      }
      if (at >= bounds.end)
        bounds = { ...bounds, end: Math.max(bounds.end, await this.offset(of, 'latest')) };
      if (page.isFull || at >= bounds.end) return page.seenUpTo(at, bounds);
    }
  }

  /** As `KafkaClient.bounds`. */
  async bounds(of: PartitionOf, when?: 'now'): Promise<Bounds> {
    const [start, end] = await Promise.all([this.offset(of, 'earliest'), this.offset(of, 'latest', when)]);
    // Each may have been asked at another moment.
    return { start, end: Math.max(start, end) };
  }

  /** The first offset at or after a time, −1 without one; or one of the ends. */
  async offset(of: PartitionOf, time: Millis | 'earliest' | 'latest', when?: 'now'): Promise<KafkaOffset> {
    const { brokers } = this.#env;
    const { error, offset } = await brokers.atLeader(of, 'catch-up', async (connection, leader) => {
      const isLed = when === 'now' ? brokers.leadsStill(of, leader) : true;
      const [answer] = await connection.listOffsets([{ ...plain(of), time, leaderEpoch: leader.epoch }]);
      return (await isLed) ? (answer ?? missing) : deposed;
    });
    requireNone(of, error);
    return offset;
  }

  /** Has the leader forget what is before an offset; answers the oldest offset that is left. */
  async trim(of: PartitionOf, before: KafkaOffset): Promise<KafkaOffset> {
    const { error, offset } = await this.#env.brokers.atLeader(of, 'admin', (connection) =>
      connection.deleteRecords(plain(of), before),
    );
    // More was forgotten already, by others or by age.
    if (error === errorCodes.offsetOutOfRange) return (await this.bounds(of)).start;
    requireNone(of, error);
    return offset;
  }

  /** Of a partition that is known to go on until `end` at least. */
  async #fetch(
    of: PartitionOf,
    from: KafkaOffset,
    bytes: number,
    end: KafkaOffset,
  ): Promise<FetchedPartition> {
    const nearby = this.#nearbyOf(of);
    if (nearby !== undefined) {
      const fetched = await this.#fetchNearby(of, from, bytes, nearby);
      // A follower hears of records later than the leader.
      if (fetched?.error === errorCodes.none && fetched.bytes.length > 0) return fetched;
    }
    // Who has far to go may be sent elsewhere. Where that did not help, the leader is not asked for it again.
    const isFar = (this.#ends.get(nameOf(of)) ?? 0) - from > laggingRecords;
    const fetched = await this.#fetchFromLeader(of, from, bytes, end, isFar && nearby === undefined);
    this.#ends.set(nameOf(of), fetched.highWatermark);
    if (fetched.preferredReplica < 0 || fetched.bytes.length > 0) return fetched;
    const until = this.#env.clock.monotonic() + nearbyMs;
    this.#nearby.set(nameOf(of), { broker: fetched.preferredReplica, until });
    return this.#fetch(of, from, bytes, end);
  }

  #fetchFromLeader(
    of: PartitionOf,
    from: KafkaOffset,
    bytes: number,
    end: KafkaOffset,
    mayBeSentElsewhere: boolean,
  ) {
    const rack = mayBeSentElsewhere ? this.#env.rack : '';
    return this.#env.brokers.atLeader(of, 'catch-up', async (connection, leader) => {
      const wanted = { ...plain(of), from, leaderEpoch: leader.epoch };
      const fetched = await fetchOne(connection, wanted, bytes, rack);
      const isMissing = fetched.bytes.length === 0 && from < Math.max(end, fetched.highWatermark);
      // At least one batch comes, whatever the limits are (KIP-74).
      if (isMissing && fetched.error === errorCodes.none && fetched.preferredReplica < 0)
        return { ...fetched, error: errorCodes.offsetNotAvailable };
      return fetched;
    });
  }

  #nearbyOf(of: PartitionOf): Nearby | undefined {
    const nearby = this.#nearby.get(nameOf(of));
    return nearby === undefined || this.#env.clock.monotonic() >= nearby.until ? undefined : nearby;
  }

  /** Undefined when it does not answer: then the leader is asked. */
  async #fetchNearby(of: PartitionOf, from: KafkaOffset, bytes: number, { broker }: Nearby) {
    try {
      const connection = await this.#env.brokers.connection(broker, 'catch-up');
      const leader = this.#env.brokers.knownLeader(of);
      const wanted = { ...plain(of), from, ...(leader && { leaderEpoch: leader.epoch }) };
      return await fetchOne(connection, wanted, bytes, this.#env.rack);
    } catch (error) {
      if (!(error instanceof KafkaConnectionError || error instanceof KafkaError)) throw error;
      return undefined;
    }
  }
}

/**
 * Decodes the answers to one read. What is damaged on the way, and not where it is kept, is whole once more.
 */
class Decoding {
  readonly #crc32c: (bytes: Uint8Array) => number;
  #damaged = 0;

  constructor(crc32c: (bytes: Uint8Array) => number) {
    this.#crc32c = crc32c;
  }

  /** What of an answer all replicas in sync have; undefined when it is to be asked for again. */
  of(
    of: PartitionOf,
    from: KafkaOffset,
    { bytes, highWatermark }: FetchedPartition,
  ): DecodedBatches | undefined {
    try {
      const { batches, end } = decodeRecordBatches(bytes, { of, from }, this.#crc32c);
      const next = Math.min(end, highWatermark);
      if (next <= from) throw new UnavailableError(`${nameOf(of)} does not go on behind offset ${from}.`);
      return { batches: batches.filter(({ first, count }) => first + count <= highWatermark), end: next };
    } catch (error) {
      if (!(error instanceof DamagedError) || ++this.#damaged >= readsOfDamaged) throw error;
      return undefined;
    }
  }
}

type Nearby = { readonly broker: number; readonly until: Millis };

async function fetchOne(
  connection: BrokerConnection,
  wanted: Omit<WantedPartition, 'bytesMax'>,
  bytes: number,
  rack: string,
): Promise<FetchedPartition> {
  const bytesMax = Math.max(bytesAtLeast, Math.min(bytes, bytesAtMost));
  const { error, partitions } = await connection.fetch({
    ...{ waitMs: 0, bytesMin: 0, bytesMax, rack, session: { id: 0, epoch: -1 }, forgotten: [] },
    partitions: [{ ...wanted, bytesMax }],
  });
  const fetched = partitions[0];
  if (error === errorCodes.none && fetched !== undefined) return fetched;
  const nothing = { highWatermark: 0, start: 0, preferredReplica: -1, bytes: Buffer.alloc(0) };
  return { ...plain(wanted), ...nothing, error: error === errorCodes.none ? missing.error : error };
}

function plain({ topic, partition }: PartitionOf): PartitionOf {
  return { topic, partition };
}

function requireNone(of: PartitionOf, error: KafkaErrorCode): void {
  if (error === errorCodes.none) return;
  const what = `Brokers answer Kafka's error ${error} for ${nameOf(of)}.`;
  throw error === errorCodes.corruptMessage ? new DamagedError(what) : new KafkaError(error, what);
}

function nameOf({ topic, partition }: PartitionOf): string {
  return `partition ${partition} of topic ${topic}`;
}

/** The one that was asked does not know it yet. */
const deposed = { error: errorCodes.notLeaderOrFollower, offset: -1 };

/** A broker that leaves out what it was asked for knows nothing of it, and may later. */
const missing = { error: errorCodes.unknownTopicOrPartition, offset: -1 };

/** The answers of fetches that are under way are 32 MiB, and a large record batch each at most. */
const fetchesMax = 16;
const bytesAtMost = 2 << 20;
const bytesAtLeast = 64 << 10;

const readsOfDamaged = 3;

const laggingRecords = 1_000;

/** As often as Kafka's own consumer asks the leader again (`metadata.max.age.ms`). */
const nearbyMs: Millis = 5 * 60_000;
const partitionsMax = 10_000;
