import type { Millis } from '../../env/clock.ts';
import type { PartitionOf } from '../../env/kafka.ts';
import { DamagedError, type ReadLimit } from '../log.ts';
import { CatchUp, type CatchUpEnv } from './catch-up.ts';
import type { Bounds, FetchedBatches, KafkaOffset } from './client.ts';
import { Tail } from './tail.ts';
import { freshMs } from './tail-fetcher.ts';
import type { TailPartition } from './tail-partition.ts';

/** The reading half of `KafkaClient`: readers at the tip are answered from memory, others by brokers. */
export class PartitionReader {
  readonly #env: CatchUpEnv;
  readonly #tail: Tail;
  readonly #catchUp: CatchUp;
  readonly #closed = new AbortController();

  constructor(env: CatchUpEnv, tailBytesMax?: number) {
    this.#env = env;
    this.#catchUp = new CatchUp(env);
    const latest = (of: PartitionOf) => this.#catchUp.offset(of, 'latest');
    this.#tail = new Tail({ ...env, latest }, tailBytesMax);
  }

  async read(of: PartitionOf, from: KafkaOffset, limit: ReadLimit): Promise<FetchedBatches> {
    this.#requireOpen();
    const followed = this.#tail.of(of);
    const kept = followed === undefined ? undefined : await this.#readTail(followed, from, limit);
    if (kept !== undefined) return kept;
    const found = await this.#catchUp.read(of, from, limit);
    followed?.learn(found);
    // Whoever finds nothing at the end comes again.
    if (found.batches.length === 0 && from === found.end) this.#tail.follow(of, found);
    return found;
  }

  async bounds(of: PartitionOf, when?: 'now'): Promise<Bounds> {
    this.#requireOpen();
    const followed = this.#tail.of(of);
    if (when !== 'now' && followed !== undefined && this.#tail.isFresh(followed)) return followed.bounds;
    const bounds = await this.#catchUp.bounds(of, when);
    followed?.learn(bounds);
    return bounds;
  }

  /** Not every broker that speaks Kafka's protocol is exact: what arrived before the time is skipped. */
  async seek(of: PartitionOf, time: Millis): Promise<KafkaOffset> {
    this.#requireOpen();
    if (time <= 0) return this.#catchUp.offset(of, 'earliest');
    if (time >= Number.MAX_SAFE_INTEGER) return this.#catchUp.offset(of, 'latest');
    // First, so that it is before what is appended while the brokers look for the time.
    const { end } = await this.#catchUp.bounds(of);
    const found = await this.#catchUp.offset(of, Math.ceil(time));
    for (let at = found; at >= 0; ) {
      const { batches, start } = await this.#catchUp.read(of, at, { records: 1, bytes: 1 });
      const [batch] = batches;
      if (batch === undefined) return at;
      if (batch.arrival >= time) return Math.max(at, start);
      at = batch.first + batch.count;
    }
    return end;
  }

  async grown(of: PartitionOf, past: KafkaOffset, signal: AbortSignal): Promise<void> {
    const either = AbortSignal.any([signal, this.#closed.signal]);
    while (!either.aborted) {
      const partition = await this.#followed(of);
      if (partition === undefined) return;
      if (partition === 'later') {
        await this.#env.clock.sleep(retryMs, either);
        continue;
      }
      partition.waiting += 1;
      await partition.changes.until(() => partition.isLost || partition.bounds.end > past, either);
      partition.waiting -= 1;
      if (partition.bounds.end > past) return;
    }
  }

  /** A broker has acknowledged an append: all replicas in sync have what is before an offset. */
  appended(of: PartitionOf, end: KafkaOffset): void {
    const followed = this.#tail.peek(of);
    if (followed === undefined) return;
    followed.learn({ start: 0, end });
    // Else those who wait are woken when it has come, and find it in memory.
    if (!this.#tail.isFresh(followed)) followed.changes.announce();
  }

  /** Has what is before an offset forgotten. */
  async trim(of: PartitionOf, before: KafkaOffset): Promise<void> {
    this.#requireOpen();
    const start = await this.#catchUp.trim(of, before);
    this.#tail.peek(of)?.learn({ start, end: 0 });
  }

  close(): void {
    this.#closed.abort();
    this.#tail.close();
  }

  /** Undefined when what is known here does not answer it. */
  async #readTail(
    partition: TailPartition,
    from: KafkaOffset,
    limit: ReadLimit,
  ): Promise<FetchedBatches | undefined> {
    const isKnown = () => this.#tail.isFresh(partition) && partition.has(from);
    if (!isKnown()) return undefined;
    const found = partition.read(from, limit);
    if (found !== undefined) return found;
    // Acknowledged, and on its way here.
    await this.#arrived(partition, () => partition.next > from || !isKnown());
    return isKnown() ? partition.read(from, limit) : undefined;
  }

  /** Resolves when something is so of a partition, or could have been for long. */
  async #arrived(partition: TailPartition, isSo: () => boolean): Promise<void> {
    const over = new AbortController();
    const either = AbortSignal.any([over.signal, this.#closed.signal]);
    const patience = this.#env.clock.sleep(freshMs, either).then(() => over.abort(null));
    await partition.changes.until(isSo, either);
    // Without a reason, an error would be made for each of them.
    over.abort(null);
    await patience;
  }

  /** The partition, followed; `later` when no broker says where it ends, undefined when none ever will. */
  async #followed(of: PartitionOf): Promise<TailPartition | 'later' | undefined> {
    try {
      return this.#tail.of(of) ?? this.#tail.follow(of, await this.#catchUp.bounds(of));
    } catch (error) {
      // A read says it.
      return error instanceof DamagedError ? undefined : 'later';
    }
  }

  #requireOpen(): void {
    if (this.#closed.signal.aborted) throw new Error('The client of Kafka is closed.');
  }
}

const retryMs: Millis = 500;
