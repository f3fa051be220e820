/**
 * What it costs to count, as CPU time of this process over puts that have settled, with warm caches; printed
 * as JSON. Puts are as the fast path has them.
 */
import assert from 'node:assert';
import { emptyState, streamKeyOf } from '../../src/catalog/state.ts';
import { nodeClock } from '../../src/env/node-clock.ts';
import { evenRanges } from '../../src/kinesis/hash-key.ts';
import { newStreamSettings, type Stream } from '../../src/kinesis/stream.ts';
import { putRecords } from '../../src/services/kinesis/operations/put-records.ts';
import { recordsIn } from '../../src/services/kinesis/parts/fast-put.ts';
import { Meter } from '../../src/stream/meter/meter.ts';
import { CallStatistics } from '../../src/stream/metrics/call-statistics.ts';
import { RoutedPut } from '../../src/stream/routed-put.ts';
import { json } from '../../src/wire/json/json.ts';

export type MeterCosts = {
  /**
   * A record in puts of 500 to four shards, with keys that are all different, and with one that half of them
   * have.
   */
  readonly countedRecordMicros: number;
  readonly countedHotMicros: number;
  /** The same to 10,000 shards, whose sketches no cache holds. */
  readonly countedScatteredMicros: number;
  /** A put of one record. */
  readonly countedPutMicros: number;
  /** The end of a call. */
  readonly countedCallMicros: number;
  /** For the metrics of `AWS/Kinesis`: a record in puts of 500 to four shards, and a put of one record. */
  readonly publishedRecordMicros: number;
  readonly publishedPutMicros: number;
};

const seconds = Number(process.argv[2]);
const scan = json.scanner(putRecords.input);
const few = streamOf('1', 4);
const many = streamOf('2', 10_000);
const streams = new Map([few, many].map((stream) => [streamKeyOf(stream), stream]));
const meter = new Meter({ clock: nodeClock, catalog: { state: { ...emptyState, streams } } });
const calls = new CallStatistics(nodeClock, () => {});

const costs: MeterCosts = {
  countedRecordMicros: perPut(puts(few, 64, 500, (nth) => `k${nth}`)) / 500,
  countedHotMicros: perPut(puts(few, 64, 500, (nth) => (nth % 2 === 0 ? 'hot' : `k${nth}`))) / 500,
  countedScatteredMicros: perPut(puts(many, 200, 500, (nth) => `k${nth}`)) / 500,
  countedPutMicros: perPut(puts(few, 1_000, 1, (nth) => `k${nth}`)),
  countedCallMicros: perAction(() => {
    const call = {
      service: 'kinesis',
      operation: 'PutRecords',
      resource: 'arn',
      caller: 'arn',
      requestId: 'id',
    };
    meter.ended({ ...call, error: undefined }, meter.now());
  }),
  publishedRecordMicros:
    perPublished(
      'PutRecords',
      puts(few, 64, 500, (nth) => `k${nth}`),
    ) / 500,
  publishedPutMicros: perPublished(
    'PutRecord',
    puts(few, 1_000, 1, (nth) => `k${nth}`),
  ),
};
calls.close();
console.log(JSON.stringify(costs));

function perPut(settled: readonly { readonly stream: Stream; readonly put: RoutedPut }[]): number {
  return perAction((nth) => {
    const { stream, put } = settled[nth % settled.length]!;
    meter.didPut(stream, put, 'arn:aws:iam::111111111111:user/producer');
  });
}

function perPublished(call: 'PutRecord' | 'PutRecords', settled: ReturnType<typeof puts>): number {
  return perAction((nth) => {
    const { stream, put } = settled[nth % settled.length]!;
    calls.didPut(stream, call, put, calls.start());
  });
}

function puts(stream: Stream, count: number, records: number, keyOf: (nth: number) => string) {
  return Array.from({ length: count }, (_, nth) => {
    const Records = Array.from({ length: records }, (_, index) => ({
      PartitionKey: keyOf(nth * records + index),
      Data: Buffer.alloc(100 + (index % 50)).toString('base64'),
    }));
    const found = scan(Buffer.from(JSON.stringify({ StreamName: 'orders', Records })));
    assert(found);
    const put = RoutedPut.of(stream, recordsIn(found.reader, found.items, stream)!)!;
    for (const part of put.parts) {
      part.outcome = { kind: 'stored', first: 0, arrival: nodeClock.now(), keyArn: undefined };
    }
    return { stream, put };
  });
}

function streamOf(id: string, shards: number): Stream {
  return {
    ...newStreamSettings,
    ...{ account: '111111111111', region: 'us-east-1', name: `orders-${id}`, id, status: 'ACTIVE' },
    ...{ createdAt: 0, nextShard: shards, consumers: [] },
    shards: evenRanges(shards).map((range, index) => ({ index, parents: [], range, createdAt: 0 })),
  };
}

/** CPU time, user and system, of as many actions as take so long; compilers have seen the code before. */
function perAction(action: (nth: number) => void): number {
  for (let nth = 0; nth < 2_000; nth++) action(nth);
  const start = process.cpuUsage();
  const untilMs = performance.now() + seconds * 1000;
  let actions = 0;
  for (; performance.now() < untilMs; actions += 100)
    for (let nth = 0; nth < 100; nth++) action(actions + nth);
  const { user, system } = process.cpuUsage(start);
  assert(actions > 0);
  return (user + system) / actions;
}
