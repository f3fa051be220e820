import type { Clock, Millis } from '../../../env/clock.ts';
import {
  type Counts,
  type MeterReadings,
  noCounts,
  type ProducerCounts,
  type ReaderCounts,
  type Reading,
} from '../../../stream/meter/counts.ts';

/** What meters have counted, by stream. */
export type Counted = {
  /** When it was gathered, in milliseconds since 1970. */
  readonly at: Millis;
  readonly since: Millis;
  readonly reading: Reading;
  /** By the stream's id; absent where nothing was counted. */
  readonly streams: ReadonlyMap<string, StreamCounts>;
};

export type StreamCounts = {
  readonly sum: Counts;
  /** By the index of the shard. */
  readonly shards: ReadonlyMap<number, Counts>;
  readonly readers: readonly ReaderCounts[];
  readonly producers: readonly ProducerCounts[];
};

/** Sums a reading up, in steps: it has a row for each shard there is. */
export async function countedIn(reading: Reading, clock: Pick<Clock, 'now' | 'turn'>): Promise<Counted> {
  const at = clock.now();
  const streams = new Map<string, Sums>();
  let rows = 0;
  for (const row of reading.shards) {
    const sums = sumsOf(streams, row.stream);
    add(sums.sum, row);
    const known = sums.shards.get(row.shard);
    if (known === undefined) sums.shards.set(row.shard, row);
    else sums.shards.set(row.shard, plus(known, row));
    if (++rows % rowsPerStep === 0) await clock.turn();
  }
  for (const reader of reading.readers) {
    sumsOf(streams, reader.stream).readers.push(reader);
    if (++rows % rowsPerStep === 0) await clock.turn();
  }
  for (const producer of reading.producers) {
    sumsOf(streams, producer.stream).producers.push(producer);
    if (++rows % rowsPerStep === 0) await clock.turn();
  }
  return { at, since: reading.since, reading, streams };
}

type Sums = {
  readonly sum: MutableCounts;
  readonly shards: Map<number, Counts>;
  readonly readers: ReaderCounts[];
  readonly producers: ProducerCounts[];
};

type MutableCounts = { -readonly [Name in keyof Counts]: number };

function sumsOf(streams: Map<string, Sums>, stream: string): Sums {
  let sums = streams.get(stream);
  if (sums === undefined) {
    sums = { sum: { ...noCounts }, shards: new Map(), readers: [], producers: [] };
    streams.set(stream, sums);
  }
  return sums;
}

function add(sum: MutableCounts, counts: Counts): void {
  sum.recordsIn += counts.recordsIn;
  sum.bytesIn += counts.bytesIn;
  sum.putUnits += counts.putUnits;
  sum.kilobytesIn += counts.kilobytesIn;
  sum.recordsThrottled += counts.recordsThrottled;
  sum.recordsOut += counts.recordsOut;
  sum.bytesOut += counts.bytesOut;
  sum.fanOutRecords += counts.fanOutRecords;
  sum.fanOutBytes += counts.fanOutBytes;
  sum.readsThrottled += counts.readsThrottled;
}

function plus(one: Counts, other: Counts): Counts {
  const sum = { ...one };
  add(sum, other);
  return sum;
}

/** About 1 ms. */
const rowsPerStep = 2_000;

/**
 * The latest reading for all who look: one is gathered at a time, and serves who asks within moments of it,
 * so that pages of a list have the same counts.
 */
export class KeptCounts {
  readonly #meters: Pick<MeterReadings, 'read'>;
  readonly #clock: Pick<Clock, 'now' | 'monotonic' | 'turn'>;
  #kept: { readonly at: Millis; readonly counted: Promise<Counted> } | undefined;

  constructor(meters: Pick<MeterReadings, 'read'>, clock: Pick<Clock, 'now' | 'monotonic' | 'turn'>) {
    this.#meters = meters;
    this.#clock = clock;
  }

  async current(): Promise<Counted> {
    const now = this.#clock.monotonic();
    if (this.#kept === undefined || now - this.#kept.at >= freshMs) {
      const counted = this.#meters.read('cluster').then((reading) => countedIn(reading, this.#clock));
      this.#kept = { at: now, counted };
    }
    return await this.#kept.counted;
  }
}

const freshMs: Millis = 200;
