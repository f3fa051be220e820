import type { FetchAnswer, FetchRequest, PartitionOf, WantedPartition } from '../../env/kafka.ts';
import { errorCodes } from './error-codes.ts';

/**
 * What a broker knows of what one connection wants to fetch (KIP-227): after a first request that says all,
 * only changes are said, and only changes are answered. A broker that has no room for a session, or has given
 * its place to another one, is told all of it again.
 */
export class FetchSession<Partition extends PartitionOf> {
  readonly #wantedOf: (partition: Partition) => WantedPartition;
  readonly #wanted = new Map<string, Partition>();
  /** What is still to be said. */
  readonly #news = new Set<Partition>();
  readonly #forgotten = new Map<string, PartitionOf>();
  #id = 0;
  #epoch = 0;

  /** `wantedOf` says what is wanted of a partition as of now. */
  constructor(wantedOf: (partition: Partition) => WantedPartition) {
    this.#wantedOf = wantedOf;
  }

  get size(): number {
    return this.#wanted.size;
  }

  get partitions(): Iterable<Partition> {
    return this.#wanted.values();
  }

  of(partition: PartitionOf): Partition | undefined {
    return this.#wanted.get(nameOf(partition));
  }

  /** Wants a partition, or wants it from another offset on. */
  want(partition: Partition): void {
    this.#wanted.set(nameOf(partition), partition);
    this.#news.add(partition);
    this.#forgotten.delete(nameOf(partition));
  }

  leave(partition: Partition): void {
    if (!this.#wanted.delete(nameOf(partition))) return;
    this.#news.delete(partition);
    this.#forgotten.set(nameOf(partition), { topic: partition.topic, partition: partition.partition });
  }

  /** Whoever answers next knows nothing of it. */
  restart(): void {
    this.#id = 0;
    this.#epoch = 0;
    this.#forgotten.clear();
  }

  /** The next request's part. What it says counts as said: `answered` has to hear of its answer. */
  request(): Pick<FetchRequest, 'session' | 'partitions' | 'forgotten'> {
    const isWhole = this.#epoch === 0;
    const said = isWhole ? this.#wanted.values() : this.#news;
    const partitions = [...said].map((partition) => this.#wantedOf(partition));
    const forgotten = isWhole ? [] : [...this.#forgotten.values()];
    this.#news.clear();
    this.#forgotten.clear();
    return { session: { id: this.#id, epoch: this.#epoch }, partitions, forgotten };
  }

  /** What becomes of the session. Answers whether the answer says anything about partitions. */
  answered({ error, sessionId }: Pick<FetchAnswer, 'error' | 'sessionId'>): boolean {
    if (error !== 0) {
      if (error === errorCodes.fetchSessionIdNotFound) this.#id = 0;
      this.#epoch = 0;
      return false;
    }
    const isNew = this.#epoch === 0;
    this.#id = sessionId;
    this.#epoch = sessionId === 0 ? 0 : isNew ? 1 : (this.#epoch % epochMax) + 1;
    return true;
  }
}

function nameOf({ topic, partition }: PartitionOf): string {
  return `${topic}/${partition}`;
}

/** It begins again with 1 (KIP-227). */
const epochMax = 2 ** 31 - 1;
