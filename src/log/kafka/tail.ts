import type { Clock } from '../../env/clock.ts';
import { detached, unthinkable } from '../../env/detached.ts';
import { KafkaError, type PartitionOf } from '../../env/kafka.ts';
import { DamagedError } from '../log.ts';
import { pauseMsMax, pauseMsMin } from './backoff.ts';
import type { Brokers } from './brokers.ts';
import { type Bounds, type KafkaOffset, UnavailableError } from './client.ts';
import type { Leader } from './leaders.ts';
import { freshMs, isIdle, TailFetcher, type TailWorld } from './tail-fetcher.ts';
import { TailMemory } from './tail-memory.ts';
import { TailPartition } from './tail-partition.ts';

export type TailEnv = {
  readonly brokers: Brokers;
  readonly crc32c: (bytes: Uint8Array) => number;
  readonly clock: Clock;
  /** Where a partition ends by the word of its leader, which knows all that was acknowledged before. */
  readonly latest: (partition: PartitionOf) => Promise<KafkaOffset>;
};

/**
 * The partitions that have readers at their tip, or had some a moment ago: brokers say at once when one of
 * them grows, and its newest records are here.
 */
export class Tail {
  readonly #world: TailWorld;
  readonly #latest: TailEnv['latest'];
  readonly #partitions = new Map<string, TailPartition>();
  /** By broker. */
  readonly #fetchers = new Map<number, TailFetcher[]>();
  readonly #closed = new AbortController();

  constructor({ brokers, crc32c, clock, latest }: TailEnv, bytesMax = tailBytesMax) {
    this.#latest = latest;
    const memory = new TailMemory(bytesMax);
    const lost = (partition: TailPartition, isElsewhere: boolean) => this.#lost(partition, isElsewhere);
    this.#world = { brokers, crc32c, clock, memory, lost };
  }

  /** A partition that is followed. */
  peek(partition: PartitionOf): TailPartition | undefined {
    return this.#partitions.get(nameOf(partition));
  }

  /** The same, and it is used. */
  of(partition: PartitionOf): TailPartition | undefined {
    const found = this.peek(partition);
    if (found !== undefined) found.usedAt = this.#world.clock.monotonic();
    return found;
  }

  /** Follows a partition from where it ended a moment ago, unless it is followed already. */
  follow(partition: PartitionOf, bounds: Bounds): TailPartition {
    const known = this.of(partition);
    if (known !== undefined) return known;
    const followed = new TailPartition(partition, bounds);
    followed.usedAt = this.#world.clock.monotonic();
    this.#partitions.set(nameOf(partition), followed);
    detached(this.#place(followed), unthinkable);
    return followed;
  }

  /** Whether what is known of a partition is what its leader knew a moment ago. */
  isFresh({ coveredBy }: TailPartition): boolean {
    return coveredBy !== undefined && this.#world.clock.monotonic() - coveredBy.answeredAt < freshMs;
  }

  /** Ends all that waits for a partition to change. */
  close(): void {
    this.#closed.abort();
    for (const partition of this.#partitions.values()) this.#giveUp(partition);
  }

  #lost(partition: TailPartition, isElsewhere: boolean): void {
    if (isElsewhere && !this.#closed.signal.aborted) detached(this.#place(partition), unthinkable);
    else this.#giveUp(partition);
  }

  /**
   * Has it followed at whoever leads it, as soon as that is known, and where it ends: a leader that was just
   * elected answers fetches as if less had been acknowledged (KIP-207).
   */
  async #place(partition: TailPartition): Promise<void> {
    const { clock } = this.#world;
    const { signal } = this.#closed;
    for (let pause = pauseMsMin; ; pause = Math.min(2 * pause, pauseMsMax)) {
      const leader = await this.#leaderOf(partition);
      if (signal.aborted || leader === 'none ever' || isIdle(partition, clock.monotonic())) break;
      if (leader !== undefined && (await this.#learnedAt(leader, partition)))
        return this.#fetcherOf(leader.broker).join(partition, leader);
      await clock.sleep(pause, signal);
    }
    this.#giveUp(partition);
  }

  async #leaderOf(partition: TailPartition): Promise<Leader | 'none ever' | undefined> {
    try {
      return await this.#world.brokers.leader(partition);
    } catch (error) {
      // Anything else says that no broker answers now.
      return error instanceof DamagedError ? 'none ever' : undefined;
    }
  }

  /** False when the leader does not say it, or leads no more. */
  async #learnedAt({ epoch }: Leader, partition: TailPartition): Promise<boolean> {
    try {
      partition.learn({ start: 0, end: await this.#latest(partition) });
    } catch (error) {
      // A fetch says the same of the partition.
      if (error instanceof KafkaError) return true;
      if (!(error instanceof UnavailableError || error instanceof DamagedError)) throw error;
      // Who leads is asked next.
      return false;
    }
    return this.#world.brokers.knownLeader(partition)?.epoch === epoch;
  }

  #fetcherOf(broker: number): TailFetcher {
    const fetchers = this.#fetchers.get(broker) ?? [];
    const found = fetchers.find(({ hasRoom }) => hasRoom);
    if (found !== undefined) return found;
    const made = new TailFetcher(this.#world, broker, fetchers.length, this.#closed.signal);
    this.#fetchers.set(broker, [...fetchers, made]);
    return made;
  }

  #giveUp(partition: TailPartition): void {
    if (this.#partitions.get(nameOf(partition)) === partition) this.#partitions.delete(nameOf(partition));
    partition.isLost = true;
    partition.coveredBy = undefined;
    partition.changes.announce();
  }
}

function nameOf({ topic, partition }: PartitionOf): string {
  return `${topic}/${partition}`;
}

/** As much as the engine on one machine keeps of its tail. */
const tailBytesMax = 32 * 1024 * 1024;
