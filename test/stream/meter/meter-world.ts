import { type CatalogState, emptyState, streamKeyOf } from '../../../src/catalog/state.ts';
import { type HashKey, hashKeyOf, hashKeyWords, writeHashKey } from '../../../src/kinesis/hash-key.ts';
import { type NewRecord, type NewRecords, sizeOf, writeRecord } from '../../../src/kinesis/record.ts';
import type { Stream } from '../../../src/kinesis/stream.ts';
import type { Reading, ShardCounts, ShardHeat } from '../../../src/stream/meter/counts.ts';
import { Meter } from '../../../src/stream/meter/meter.ts';
import { firstPage, type MeterCursor, type MeterPage } from '../../../src/stream/meter/meter-page.ts';
import { ReadingSum } from '../../../src/stream/meter/reading-sum.ts';
import { heatFrom } from '../../../src/stream/meter/shard-heat.ts';
import { type Outcome, RoutedPut } from '../../../src/stream/routed-put.ts';
import { ManualClock } from '../../services/kinesis/manual-clock.ts';

/** A record of a test; its hash key is that of its key, unless it is given. */
export type TestRecord = { readonly key?: string; readonly bytes?: number; readonly hashKey?: HashKey };

/** Meters of some threads, over one catalog and one clock. */
export class MeterWorld {
  readonly clock = new ManualClock();
  readonly catalog: { state: CatalogState } = { state: emptyState };
  readonly meters: readonly Meter[];

  constructor(streams: readonly Stream[], meters = 1) {
    this.have(streams);
    this.meters = Array.from({ length: meters }, () => new Meter(this));
  }

  get meter(): Meter {
    return this.meters[0]!;
  }

  /** These streams are there from now on, and no others. */
  have(streams: readonly Stream[]): void {
    const entries = streams.map((stream) => [streamKeyOf(stream), stream] as const);
    this.catalog.state = { ...emptyState, streams: new Map(entries) };
  }

  /** Tells a meter of a put that has settled, with the same outcome for all records of a shard. */
  put(
    stream: Stream,
    records: readonly TestRecord[],
    { by = 'someone', meter = this.meter, outcomeOf = () => this.stored() }: PutOptions = {},
  ): RoutedPut {
    const put = RoutedPut.of(stream, newRecords(records))!;
    for (const part of put.parts) part.outcome = outcomeOf(part.shard.index);
    meter.didPut(stream, put, by);
    return put;
  }

  stored(): Outcome {
    return { kind: 'stored', first: 0, arrival: this.clock.now(), keyArn: undefined };
  }

  /** All that the meters have counted. */
  read(): Reading {
    const sum = new ReadingSum(this.clock.now());
    for (const meter of this.meters) for (const page of pagesOf(meter)) sum.add(page);
    return sum.reading;
  }

  countsOf(stream: Stream, shard: number): ShardCounts | undefined {
    return this.read().shards.find((counts) => counts.stream === stream.id && counts.shard === shard);
  }

  /** What is known of a shard; undefined for nothing. */
  heatOf(stream: Stream, shard: number): ShardHeat | undefined {
    const known = this.meters.flatMap((meter) => meter.sketchesOf(stream.id, [shard]));
    const { range } = stream.shards[shard]!;
    return known.length === 0
      ? undefined
      : heatFrom(
          known.map((each) => each.known),
          range,
        );
  }
}

type PutOptions = {
  readonly by?: string;
  readonly meter?: Meter;
  readonly outcomeOf?: (shard: number) => Outcome;
};

export function pagesOf(meter: Meter): MeterPage[] {
  const pages: MeterPage[] = [];
  for (let cursor: MeterCursor | undefined = firstPage; cursor !== undefined; ) {
    const page: MeterPage = meter.page(cursor);
    pages.push(page);
    cursor = page.next;
  }
  return pages;
}

function newRecords(records: readonly TestRecord[]): NewRecords {
  const made = records.map(
    ({ key = 'k', bytes = 10 }): NewRecord => ({ partitionKey: key, data: Buffer.alloc(bytes - key.length) }),
  );
  const hashKeys = new Uint32Array(records.length * hashKeyWords);
  records.forEach(({ key = 'k', hashKey = hashKeyOf(key) }, index) => {
    writeHashKey(hashKeys, index * hashKeyWords, hashKey);
  });
  return {
    count: records.length,
    hashKeys,
    sizeOf: (index) => sizeOf(made[index]!),
    keyOf: (index) => made[index]!.partitionKey,
    encode(index, bytes, at) {
      writeRecord(bytes, at, made[index]!);
      return true;
    },
  };
}
