import type { Clock, Millis } from '../../env/clock.ts';
import { detached, unthinkable } from '../../env/detached.ts';
import {
  type FetchedPartition,
  KafkaConnectionError,
  KafkaError,
  type WantedPartition,
} from '../../env/kafka.ts';
import { Condition } from '../condition.ts';
import { DamagedError } from '../log.ts';
import { pauseMsMin } from './backoff.ts';
import type { Brokers } from './brokers.ts';
import { UnavailableError } from './client.ts';
import { errorCodes, isPassing } from './error-codes.ts';
import { FetchSession } from './fetch-session.ts';
import type { Leader } from './leaders.ts';
import { decodeRecordBatches } from './record-batch-reader.ts';
import type { TailMemory } from './tail-memory.ts';
import type { TailPartition } from './tail-partition.ts';

export type TailWorld = {
  readonly brokers: Brokers;
  readonly crc32c: (bytes: Uint8Array) => number;
  readonly clock: Clock;
  readonly memory: TailMemory;
  /** Hears of partitions that are followed here no more: whether another broker is to be looked for. */
  readonly lost: (partition: TailPartition, isElsewhere: boolean) => void;
};

/** Follows partitions that one broker leads, on a connection that waits for what is new. */
export class TailFetcher {
  /**
   * When the broker was asked what it has answered last: its answer may have waited for a process that stood
   * still.
   */
  asOf: Millis = Number.NEGATIVE_INFINITY;
  readonly #world: TailWorld;
  readonly #broker: number;
  readonly #index: number;
  readonly #signal: AbortSignal;
  readonly #session = new FetchSession<TailPartition>((partition) => this.#wantedOf(partition));
  readonly #leaders = new Map<TailPartition, Leader>();
  readonly #joined = new Condition();
  #sweptAt: Millis = Number.NEGATIVE_INFINITY;

  /** `index` tells it from others of the same broker. It ends with the signal. */
  constructor(world: TailWorld, broker: number, index: number, signal: AbortSignal) {
    this.#world = world;
    this.#broker = broker;
    this.#index = index;
    this.#signal = signal;
    detached(this.#run(), unthinkable);
  }

  get hasRoom(): boolean {
    return this.#session.size < partitionsMax;
  }

  join(partition: TailPartition, leader: Leader): void {
    this.#leaders.set(partition, leader);
    this.#session.want(partition);
    this.#joined.announce();
  }

  #wantedOf(of: TailPartition): WantedPartition {
    const { topic, partition, next: from } = of;
    const leaderEpoch = this.#leaders.get(of)!.epoch;
    return { topic, partition, from, bytesMax: partitionBytesMax, leaderEpoch };
  }

  async #run(): Promise<void> {
    while (!this.#signal.aborted) {
      await this.#joined.until(() => this.#session.size > 0, this.#signal);
      if (this.#signal.aborted) return;
      try {
        await this.#round();
      } catch (error) {
        if (!isExpected(error)) throw error;
        await this.#failed();
      }
    }
  }

  async #round(): Promise<void> {
    const { brokers, clock } = this.#world;
    const connection = await brokers.connection(this.#broker, `tail ${this.#index}`);
    const request = this.#session.request();
    const asked = request.partitions.map((each) => this.#session.of(each));
    const askedAt = clock.monotonic();
    const answer = await connection.fetch({ ...waiting, ...request });
    // A broker that stood still may have been replaced, and first answers as of before.
    if (clock.monotonic() - askedAt > waiting.waitMs + freshMs) return await this.#failed();
    if (!this.#session.answered(answer)) {
      for (const partition of this.#session.partitions) partition.coveredBy = undefined;
      await clock.sleep(pauseMsMin, this.#signal);
      return;
    }
    this.asOf = askedAt;
    for (const partition of asked) if (partition !== undefined) this.#cover(partition);
    for (const fetched of answer.partitions) this.#take(fetched);
    this.#sweep();
  }

  /** From now on its leader says when there is anything new about it. */
  #cover(partition: TailPartition): void {
    if (this.#leaders.has(partition)) partition.coveredBy = this;
  }

  #take(fetched: FetchedPartition): void {
    const partition = this.#session.of(fetched);
    if (partition === undefined) return;
    try {
      if (fetched.error === errorCodes.none) this.#keep(partition, fetched);
      else this.#lose(partition, isPassing(fetched.error));
    } catch (error) {
      if (!(error instanceof DamagedError)) throw error;
      // Who reads it finds it, too.
      this.#lose(partition, false);
    }
  }

  #keep(partition: TailPartition, { bytes, start, highWatermark }: FetchedPartition): void {
    if (bytes.length > 0) {
      const from = partition.next;
      const { batches, end } = decodeRecordBatches(bytes, { of: partition, from }, this.#world.crc32c);
      const isNew = ({ first, count }: { first: number; count: number }) =>
        first + count > from && first + count <= highWatermark;
      const next = Math.max(from, Math.min(end, highWatermark));
      this.#world.memory.keep(partition, batches.filter(isNew), next);
      this.#session.want(partition);
    }
    partition.learn({ start, end: highWatermark });
    partition.changes.announce();
  }

  #lose(partition: TailPartition, isElsewhere: boolean): void {
    const leader = this.#leaders.get(partition)!;
    this.#leaders.delete(partition);
    this.#session.leave(partition);
    partition.coveredBy = undefined;
    if (isElsewhere) this.#world.brokers.doubt(partition, leader);
    this.#world.lost(partition, isElsewhere);
  }

  /** The connection is over: whoever leads its partitions now may be asked. */
  async #failed(): Promise<void> {
    for (const partition of [...this.#session.partitions]) this.#lose(partition, true);
    this.#session.restart();
    await this.#world.clock.sleep(failedPauseMs, this.#signal);
  }

  /** Lets go of what nobody has asked about for a while. */
  #sweep(): void {
    const now = this.#world.clock.monotonic();
    if (now - this.#sweptAt < sweepMs) return;
    this.#sweptAt = now;
    for (const partition of [...this.#session.partitions])
      if (isIdle(partition, now)) this.#lose(partition, false);
  }
}

/** Whether nobody has asked about a partition for a while. */
export function isIdle({ waiting, usedAt }: TailPartition, now: Millis): boolean {
  return waiting === 0 && now - usedAt > recentMs;
}

function isExpected(error: unknown): boolean {
  return (
    error instanceof KafkaConnectionError || error instanceof KafkaError || error instanceof UnavailableError
  );
}

const partitionBytesMax = 1 << 20;

/**
 * A partition that joins waits until the request under way is answered, and a broker looks at each partition
 * of a request whenever one of them grows (`DelayedFetch`): not too long, and not too many.
 */
const waiting = { waitMs: 250, bytesMin: 1, bytesMax: 4 << 20, rack: '' };
const partitionsMax = 1_000;

/** Readers come again within a second or so, and iterators last for minutes. */
const recentMs: Millis = 30_000;
const sweepMs: Millis = 1_000;

const failedPauseMs: Millis = 100;

/**
 * What a broker was asked so long ago is not known to be so still: it answers after `waitMs` at the latest.
 */
export const freshMs: Millis = 1_000;
