import type { Clock, Millis } from '../../env/clock.ts';
import { detached, unthinkable } from '../../env/detached.ts';
import type { Stream } from '../../kinesis/stream.ts';
import type { RoutedPut } from '../routed-put.ts';
import { Statistics } from './statistics.ts';

/** What came of the calls of a minute on one stream, or on a shard of it, or for one of its consumers. */
export type MeasuredCalls = {
  /** The stream's id. */
  readonly stream: string;
  readonly shard?: number;
  readonly consumer?: string;
  /** See `Statistics`. */
  readonly values: Float64Array;
};

/** Hears of a minute that began at `time`; one that is not over is the last one. */
export type TellMinute = (time: Millis, measured: readonly MeasuredCalls[], isOver: boolean) => void;

/**
 * Statistics of calls by minutes, as AWS has them of streams: of each call what it put or read, how long it
 * took, and whether it succeeded. A call costs a few additions. There is no timer while nothing is counted.
 * The meter, which counts the same calls since the start, by operation and not by stream, cannot stand in for
 * it: of a minute, AWS has the smallest and the largest value of a call, and how many calls there were.
 */
export class CallStatistics {
  readonly #clock: Clock;
  readonly #tell: TellMinute;
  readonly #closed = new AbortController();
  #streams = new Map<string, StreamStatistics>();
  /** When the minute began that is counted. */
  #minute: Millis = 0;
  #groups = 0;

  constructor(clock: Clock, tell: TellMinute) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /** Now, for `since` of what is counted. */
  start(): Millis {
    return this.#clock.monotonic();
  }

  /** Records were put, or were not. Of a put that was refused as a whole, `put` says so of each record. */
  didPut(stream: Stream, call: 'PutRecord' | 'PutRecords', put: RoutedPut, since: Millis): void {
    const own = this.#of(stream)?.own;
    if (own === undefined) return;
    const [records, bytes] = storedIn(put);
    const throttled = countOf(put, 'throttled');
    const count = put.records.count;
    const metrics = putMetrics[call];
    own.add('WriteProvisionedThroughputExceeded', throttled);
    if (records > 0) {
      own.add('IncomingRecords', records);
      own.add('IncomingBytes', bytes);
      own.add(metrics.bytes, bytes);
    }
    own.add(metrics.latency, this.#clock.monotonic() - since);
    own.add(metrics.success, records > 0 ? 1 : 0);
    if (call === 'PutRecords') {
      own.add('PutRecords.TotalRecords', count);
      own.add('PutRecords.SuccessfulRecords', records);
      own.add('PutRecords.ThrottledRecords', throttled);
      own.add('PutRecords.FailedRecords', count - records - throttled);
    }
    if (stream.metrics.length > 0) this.#didPutInto(stream, put);
  }

  /** A page was read, or a limit has refused it: then there is none. `age` is how far behind it ends. */
  didGet(
    stream: Stream,
    shard: number,
    page: { readonly records: number; readonly bytes: number; readonly age: Millis } | undefined,
    since: Millis,
  ): void {
    const own = this.#of(stream)?.own;
    if (own === undefined) return;
    const throttled = page === undefined ? 1 : 0;
    own.add('ReadProvisionedThroughputExceeded', throttled);
    own.add('GetRecords.Latency', this.#clock.monotonic() - since);
    own.add('GetRecords.Success', 1 - throttled);
    const ofShard = this.#ofShard(stream, shard);
    ofShard?.add('ReadProvisionedThroughputExceeded', throttled);
    if (page === undefined) return;
    own.add('GetRecords.Records', page.records);
    own.add('GetRecords.Bytes', page.bytes);
    own.add('GetRecords.IteratorAgeMilliseconds', page.age);
    ofShard?.add('IteratorAgeMilliseconds', page.age);
    ofShard?.add('OutgoingRecords', page.records);
    ofShard?.add('OutgoingBytes', page.bytes);
  }

  /** A subscription began, or there was one already. */
  didSubscribe(stream: Stream, consumer: string, isRefused: boolean): void {
    const own = this.#ofConsumer(stream, consumer);
    own?.add('SubscribeToShard.Success', isRefused ? 0 : 1);
    own?.add('SubscribeToShard.RateExceeded', isRefused ? 1 : 0);
  }

  /** A subscription was sent an event. */
  didSend(
    stream: Stream,
    shard: number,
    consumer: string,
    event: { readonly records: number; readonly bytes: number; readonly age: Millis },
  ): void {
    const own = this.#ofConsumer(stream, consumer);
    own?.add('SubscribeToShardEvent.Success', 1);
    own?.add('SubscribeToShardEvent.Records', event.records);
    own?.add('SubscribeToShardEvent.Bytes', event.bytes);
    own?.add('SubscribeToShardEvent.MillisBehindLatest', event.age);
    const ofShard = this.#ofShard(stream, shard);
    ofShard?.add('OutgoingRecords', event.records);
    ofShard?.add('OutgoingBytes', event.bytes);
  }

  /** Tells what there is of the minute under way. To be called when nothing is counted any more. */
  close(): void {
    this.#closed.abort();
    this.#tellMinute(false);
  }

  /** Only what is enabled of shards is published, so only streams with some of it are counted by shard. */
  #didPutInto(stream: Stream, { parts, partOf, records }: RoutedPut): void {
    const bytes = new Map<number, number>();
    for (let index = 0; index < partOf.length; index++) {
      const { shard, outcome } = parts[partOf[index]!]!;
      if (outcome.kind !== 'stored') continue;
      bytes.set(shard.index, (bytes.get(shard.index) ?? 0) + records.sizeOf(index));
    }
    const counts = new Map<number, { stored: number; throttled: number }>();
    for (const { shard, count, outcome } of parts) {
      if (count === 0) continue;
      const known = counts.get(shard.index) ?? { stored: 0, throttled: 0 };
      if (outcome.kind === 'stored') known.stored += count;
      if (outcome.kind === 'throttled') known.throttled += count;
      counts.set(shard.index, known);
    }
    for (const [shard, { stored, throttled }] of counts) {
      const own = this.#ofShard(stream, shard);
      own?.add('WriteProvisionedThroughputExceeded', throttled);
      if (stored === 0) continue;
      own?.add('IncomingRecords', stored);
      own?.add('IncomingBytes', bytes.get(shard)!);
    }
  }

  #of({ id }: Stream): StreamStatistics | undefined {
    const known = this.#streams.get(id);
    if (known !== undefined) return known;
    if (this.#streams.size === 0) this.#begin();
    const opened = this.#open();
    if (opened === undefined) return undefined;
    const stream = { own: opened, shards: new Map(), consumers: new Map() };
    this.#streams.set(id, stream);
    return stream;
  }

  #ofShard(stream: Stream, shard: number): Statistics | undefined {
    if (stream.metrics.length === 0) return undefined;
    return this.#within(this.#of(stream)?.shards, shard);
  }

  #ofConsumer(stream: Stream, consumer: string): Statistics | undefined {
    return this.#within(this.#of(stream)?.consumers, consumer);
  }

  #within<Key>(groups: Map<Key, Statistics> | undefined, key: Key): Statistics | undefined {
    const known = groups?.get(key);
    if (known !== undefined || groups === undefined) return known;
    const opened = this.#open();
    if (opened !== undefined) groups.set(key, opened);
    return opened;
  }

  #open(): Statistics | undefined {
    if (this.#groups >= groupsMax) return undefined;
    this.#groups += 1;
    return new Statistics();
  }

  #begin(): void {
    const now = this.#clock.now();
    this.#minute = Math.floor(now / minuteMs) * minuteMs;
    if (!this.#closed.signal.aborted) detached(this.#tellAfter(this.#minute + minuteMs - now), unthinkable);
  }

  async #tellAfter(delay: Millis): Promise<void> {
    await this.#clock.sleep(delay, this.#closed.signal);
    if (!this.#closed.signal.aborted) this.#tellMinute(true);
  }

  #tellMinute(isOver: boolean): void {
    const streams = this.#streams;
    [this.#streams, this.#groups] = [new Map(), 0];
    const measured = [...streams].flatMap(([stream, { own, shards, consumers }]) => [
      { stream, values: own.values },
      ...Array.from(shards, ([shard, { values }]) => ({ stream, shard, values })),
      ...Array.from(consumers, ([consumer, { values }]) => ({ stream, consumer, values })),
    ]);
    if (measured.length > 0) this.#tell(this.#minute, measured, isOver);
  }
}

type StreamStatistics = {
  readonly own: Statistics;
  readonly shards: Map<number, Statistics>;
  readonly consumers: Map<string, Statistics>;
};

/** By what is called: names that are put together for each call would cost more than counting it. */
const putMetrics = {
  PutRecord: { bytes: 'PutRecord.Bytes', latency: 'PutRecord.Latency', success: 'PutRecord.Success' },
  PutRecords: { bytes: 'PutRecords.Bytes', latency: 'PutRecords.Latency', success: 'PutRecords.Success' },
} as const;

const minuteMs: Millis = 60_000;

/**
 * Streams, shards and consumers that are counted in a minute. Each becomes up to 17 metrics, and all
 * services and clients together may have 20,000 (`metricBounds`).
 */
export const groupsMax = 1_000;

/** How many records were stored, and their bytes. */
function storedIn({ parts, partOf, records }: RoutedPut): readonly [number, number] {
  let [count, bytes] = [0, 0];
  for (let index = 0; index < partOf.length; index++) {
    if (parts[partOf[index]!]!.outcome.kind !== 'stored') continue;
    count += 1;
    bytes += records.sizeOf(index);
  }
  return [count, bytes];
}

function countOf({ parts }: RoutedPut, kind: 'throttled'): number {
  let sum = 0;
  for (const { count, outcome } of parts) if (outcome.kind === kind) sum += count;
  return sum;
}
