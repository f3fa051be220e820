import { strict as assert } from 'node:assert';
import type { Clock, Millis } from '../../../src/env/clock.ts';
import type { NewTopic, PartitionOf, TopicSettings } from '../../../src/env/kafka.ts';
import { Condition } from '../../../src/log/condition.ts';
import {
  type AppendedAt,
  type Bounds,
  type FetchedBatches,
  type KafkaClient,
  type KafkaOffset,
  type Mark,
  type TopicDescription,
  UnavailableError,
} from '../../../src/log/kafka/client.ts';
import type { LoggedBatch, NewBatch, ReadLimit } from '../../../src/log/log.ts';

/** What is in a partition: batches, and marks, which readers are not given. */
type Entry = Omit<LoggedBatch, 'bytes'> & { readonly bytes: Buffer | undefined };

type Partition = {
  readonly entries: Entry[];
  start: KafkaOffset;
  end: KafkaOffset;
  /** The end of the append before, whichever way. */
  latest: Promise<unknown>;
};

/** The partitions that several clients have together. `clock` is that of all brokers. */
export class MemoryKafka {
  readonly clock: Pick<Clock, 'now'>;
  readonly topics = new Map<string, { description: TopicDescription; partitions: Partition[] }>();
  readonly growth = new Condition();
  /** What is passed before a broker answers an append, and may keep the answer back or from arriving. */
  beforeAnswer: (to: PartitionOf) => Promise<void> = async () => {};
  /** The requests to forget something. */
  readonly trims: (PartitionOf & { readonly before: KafkaOffset })[] = [];

  constructor(clock: Pick<Clock, 'now'>) {
    this.clock = clock;
  }

  partition({ topic, partition }: PartitionOf): Partition {
    const found = this.topics.get(topic)?.partitions[partition];
    if (found === undefined) throw new UnavailableError(`Nobody leads partition ${partition} of ${topic}.`);
    return found;
  }

  /** Appends, as some producer does. */
  add(to: PartitionOf, batch: NewBatch | Mark): AppendedAt {
    const partition = this.partition(to);
    const first = partition.end;
    const arrival = this.clock.now();
    const { count, bytes } = 'mark' in batch ? { count: 1, bytes: undefined } : batch;
    partition.entries.push({ first, count, arrival, bytes });
    partition.end += count;
    this.growth.announce();
    return { first, arrival };
  }
}

/** A client of partitions in memory, simple enough to be right at sight. */
export class MemoryClient implements KafkaClient {
  time = { offMs: 0, isFarOff: false };
  readonly #kafka: MemoryKafka;
  readonly #closed = new AbortController();

  constructor(kafka: MemoryKafka) {
    this.#kafka = kafka;
  }

  append(to: PartitionOf, batch: NewBatch | Mark): Promise<AppendedAt> {
    return this.#inTurn(to, async () => {
      const added = this.#kafka.add(to, batch);
      await this.#kafka.beforeAnswer(to);
      return added;
    });
  }

  async read(of: PartitionOf, from: KafkaOffset, limit: ReadLimit): Promise<FetchedBatches> {
    this.#requireOpen();
    const { start, end, entries } = this.#kafka.partition(of);
    const batches: LoggedBatch[] = [];
    const gaps: KafkaOffset[] = [];
    const begin = Math.max(from, start);
    let bytes = 0;
    for (const entry of entries) {
      if (entry.first + entry.count <= begin) continue;
      if (entry.bytes === undefined) {
        gaps.push(entry.first);
        continue;
      }
      const records =
        entry.first - (batches[0] === undefined ? entry.first : Math.max(begin, batches[0].first));
      if (batches.length > 0 && (records >= limit.records || bytes >= limit.bytes)) break;
      batches.push({ ...entry, bytes: entry.bytes });
      bytes += entry.bytes.length;
    }
    const last = batches.at(-1);
    const isWhole = last === undefined || last.first + last.count === end;
    return { start, end, batches, gaps: isWhole ? gaps : gaps.filter((gap) => gap < last.first) };
  }

  async bounds(of: PartitionOf): Promise<Bounds> {
    this.#requireOpen();
    const { start, end } = this.#kafka.partition(of);
    return { start, end };
  }

  async seek(of: PartitionOf, time: Millis): Promise<KafkaOffset> {
    this.#requireOpen();
    const { start, end, entries } = this.#kafka.partition(of);
    const found = entries.find(({ first, count, arrival }) => first + count > start && arrival >= time);
    return found === undefined ? end : Math.max(start, found.first);
  }

  async grown(of: PartitionOf, past: KafkaOffset, signal: AbortSignal): Promise<void> {
    const isPast = () => (this.#kafka.topics.get(of.topic)?.partitions[of.partition]?.end ?? 0) > past;
    await this.#kafka.growth.until(isPast, AbortSignal.any([signal, this.#closed.signal]));
  }

  async trim(of: PartitionOf, before: KafkaOffset): Promise<void> {
    this.#requireOpen();
    this.#kafka.trims.push({ topic: of.topic, partition: of.partition, before });
    const partition = this.#kafka.partition(of);
    assert(before <= partition.end);
    partition.start = Math.max(partition.start, before);
  }

  async ensureTopic({ topic, partitions, replication, settings }: NewTopic): Promise<string> {
    this.#requireOpen();
    const { topics } = this.#kafka;
    const known = topics.get(topic);
    const description = known?.description ?? { id: topic, partitions, replication, settings };
    const all = known?.partitions ?? [];
    while (all.length < partitions) all.push({ entries: [], start: 0, end: 0, latest: Promise.resolve() });
    topics.set(topic, { description: { ...description, partitions: all.length }, partitions: all });
    return description.id;
  }

  async deleteTopic(topic: string): Promise<void> {
    this.#requireOpen();
    this.#kafka.topics.delete(topic);
  }

  async alterTopic(topic: string, settings: TopicSettings): Promise<void> {
    this.#requireOpen();
    const found = this.#kafka.topics.get(topic);
    if (found === undefined) throw new UnavailableError(`There is no topic ${topic}.`);
    const all = { ...found.description.settings, ...settings };
    found.description = { ...found.description, settings: all };
  }

  async describeTopic(topic: string): Promise<TopicDescription | undefined> {
    return this.#kafka.topics.get(topic)?.description;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort();
  }

  /** After all that was asked of the partition before. */
  #inTurn<T>(to: PartitionOf, work: () => Promise<T>): Promise<T> {
    this.#requireOpen();
    const partition = this.#kafka.partition(to);
    const turn = Promise.allSettled([partition.latest]).then(work);
    partition.latest = turn;
    return turn;
  }

  #requireOpen(): void {
    if (this.#closed.signal.aborted) throw new Error('The client is closed.');
  }
}
