import type { FigureName } from './figures.ts';
import { perRound, type Run, ratioOf, type Selection, type Spread, spreadOf } from './results.ts';
import { wideLookNames } from './seen/tables.ts';

/** What Millrace set out to reach, and where it is. */
export type Target = {
  readonly title: string;
  readonly wanted: string;
  /** Undefined when this run did not measure it. */
  readonly measured: Spread | undefined;
  readonly isReached: boolean;
};

export function targets(runs: readonly Run[]): Target[] {
  return [
    ...[...putting(runs), ...reading(runs), ...coldReading(runs), ...residing(runs), ...growing(runs)],
    ...leasing(runs),
    ...functioning(runs),
    ...delivering(runs),
    ...onKafka(runs),
    ...seeing(runs),
  ];
}

const put = (figure: FigureName, contender = 'millrace'): Selection => ({
  scenario: 'PutRecords',
  figure,
  contender,
});
const single = (figure: FigureName, contender = 'millrace'): Selection => ({
  scenario: 'PutRecord',
  figure,
  contender,
});

function putting(runs: readonly Run[]): Target[] {
  const ratio = (over: Selection, under: Selection) => ratioOf(runs, over, under);
  const encrypted = (figure: FigureName) =>
    ratio(
      { scenario: 'encryption', figure, contender: 'millrace-encrypted' },
      { scenario: 'encryption', figure },
    );
  const bare = ratio(put('putMicros'), put('putMicros', 'bare'));
  const floor = perRound(
    runs,
    (of) => of(put('putMicros')) / sum(floorParts.map(({ selection }) => of(selection))),
  );
  const possible = perRound(runs, (of) => {
    const disk = of({ scenario: 'floor', figure: 'diskMegabytes' });
    return of(put('putMegabytes')) / Math.min(0.5 * of(put('putMegabytes', 'bare')), 0.9 * disk);
  });
  const peers = (figure: FigureName, peer: string) => ratio(put(figure), put(figure, peer));
  return [
    atMost(2.2, "PutRecords: CPU per record over the bare server's", bare),
    atMost(1 / 0.7, 'PutRecords: CPU per record over the sum of its unavoidable parts', floor),
    atLeast(20, "PutRecords: MB/s over kinesalite's", peers('putMegabytes', 'kinesalite')),
    atLeast(100, "PutRecords: MB/s over kinesis-local's", peers('putMegabytes', 'kinesis-local')),
    atLeast(
      8,
      "PutRecords: kinesalite's CPU per record over ours",
      ratio(put('putMicros', 'kinesalite'), put('putMicros')),
    ),
    atLeast(1, "PutRecords: MB/s over the lower of half the bare server's and 0.9 of the disk's", possible),
    atMost(
      2,
      'PutRecord: CPU per request over that of an empty server',
      ratio(single('putMicros'), single('putMicros', 'empty')),
    ),
    atLeast(
      0.85,
      'PutRecord, 64 in flight: throughput over that without fsync',
      ratio(single('putsPerSecond'), single('putsPerSecond', 'millrace-unsynced')),
    ),
    atMost(
      4,
      'PutRecord: CPU with an HTTP/2 session each over kept-alive HTTP/1.1',
      perRound(runs, (of) => {
        const each = (figure: FigureName) => of({ scenario: 'sessions', figure });
        return each('sessionMicros') / each('http1Micros');
      }),
    ),
    atLeast(0.9, 'PutRecords: MB/s with encryption over those without', encrypted('putMegabytes')),
    atLeast(0.85, 'GetRecords: MB/s with encryption over those without', encrypted('getMegabytes')),
    atMost(
      12,
      'signature and decision by 20 statements: CPU of a small request in us',
      perRound(runs, (of) => {
        const each = (figure: FigureName) => of({ scenario: 'decision', figure });
        return each('verifyMicros') + each('decideMicros');
      }),
    ),
  ];
}

/** What a PutRecords cannot do without; reading includes what node:http does, and hashing the body. */
export const floorParts: readonly { readonly title: string; readonly selection: Selection }[] = [
  { title: 'bare node:http: body read and hashed', selection: put('putMicros', 'bare') },
  { title: 'base64 decoded', selection: { scenario: 'floor', figure: 'base64Micros' } },
  { title: 'partition keys hashed', selection: { scenario: 'floor', figure: 'keysMicros' } },
  { title: 'checksum', selection: { scenario: 'floor', figure: 'checksumMicros' } },
  { title: 'written and synced', selection: { scenario: 'floor', figure: 'writeMicros' } },
];

export function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0);
}

function reading(runs: readonly Run[]): Target[] {
  const gets = ratioOf(runs, put('getMegabytes'), put('getMegabytes', 'kinesalite'));
  const pages = (figure: FigureName) =>
    ratioOf(runs, { scenario: 'hot-reads', figure }, { scenario: 'hot-reads', figure, contender: 'static' });
  const fanOut = (figure: FigureName, at = 1): Selection => ({ scenario: 'fan-out', at, figure });
  return [
    atLeast(5, "GetRecords: MB/s over kinesalite's", gets),
    atLeast(0.6, 'GetRecords of hot 10 MiB pages: MB/s over a static server', pages('pageMegabytes')),
    atMost(2, 'put to event, one consumer, p50 in ms', spreadOf(runs, fanOut('p50Ms'))),
    atMost(10, 'put to event, one consumer, p99 in ms', spreadOf(runs, fanOut('p99Ms'))),
    atMost(
      4,
      'CPU with 20 consumers over that with one',
      ratioOf(runs, fanOut('fanOutMicros', 20), fanOut('fanOutMicros')),
    ),
  ];
}

function coldReading(runs: readonly Run[]): Target[] {
  return ['cold-reads', 'cold-reads-trickle'].flatMap((scenario) => {
    const load = scenario === 'cold-reads' ? 'written fast' : 'written in a trickle';
    const overDisk = (figure: FigureName) =>
      ratioOf(runs, { scenario, figure }, { scenario, figure: 'diskMegabytes' });
    return [
      atLeast(0.5, `cold, ${load}: one shard's MB/s over the disk's`, overDisk('oneShardMegabytes')),
      atLeast(0.7, `cold, ${load}: MB/s of all 64 over the disk's`, overDisk('allShardsMegabytes')),
    ];
  });
}

function residing(runs: readonly Run[]): Target[] {
  const memory = (figure: FigureName): Selection => ({ scenario: 'memory', figure });
  const retained = (figure: FigureName): Selection => ({ scenario: 'retained', figure, at: 10e9 });
  const stall = { scenario: 'stalls', figure: 'stallMs' } as const;
  const killed = { scenario: 'restart', figure: 'killedRestartMs' } as const;
  const active = { scenario: 'restart', figure: 'readActiveMs' } as const;
  const allowed = perRound(
    runs,
    (of) => of(retained('residentMegabytes')) / (1.5 * of(retained('emptyMegabytes')) + cachesMegabytes),
  );
  return [
    below(500, 'start to the first answer in ms', spreadOf(runs, { scenario: 'start', figure: 'startMs' })),
    below(250, 'resident MB after the fill', spreadOf(runs, memory('residentMegabytes'))),
    atMost(1, 'resident after 10 GB over 1.5 times empty and the caches that puts fill (71 MB)', allowed),
    atMost(15, 'longest turn of the event loop for a request of 10 MiB in ms', spreadOf(runs, stall)),
    atMost(2000, 'start after kill -9 on 10 GB in 1,000 shards in ms', spreadOf(runs, killed)),
    atMost(1.5, 'the same over reading the active segments once', ratioOf(runs, killed, active)),
  ];
}

/**
 * What puts may fill: the newest batches (32 MiB), index entries of finished segments (500,000 of 24 bytes),
 * and the young generation at its largest (3 x 8 MiB).
 */
const cachesMegabytes = (32 * 2 ** 20 + 500_000 * 24 + 24 * 2 ** 20) / 1e6;

/** A page of a thousand shards has none to compare with on a stream of ten. */
function growing(runs: readonly Run[]): Target[] {
  const growth = (figure: FigureName, under = 10) =>
    ratioOf(runs, { scenario: 'shards', at: 10_000, figure }, { scenario: 'shards', at: under, figure });
  const of = '10,000 shards over 10';
  return [
    atMost(1.5, `DescribeStreamSummary: CPU, ${of}`, growth('summaryMicros')),
    atMost(1.5, `ListShards of 5: CPU, ${of}`, growth('fiveListedMicros')),
    atMost(1.5, 'ListShards of 1,000: CPU, 10,000 shards over 1,000', growth('thousandListedMicros', 1000)),
    atMost(1.5, `PutRecords to 4 shards: CPU, ${of}`, growth('fourPutMicros')),
    atMost(1.5, `restart to a record stored, ${of}`, growth('restartMs')),
  ];
}

/** What a table of leases has to bear. */
function leasing(runs: readonly Run[]): Target[] {
  const updates = (contender = 'millrace') =>
    ({ scenario: 'updates', figure: 'updatesPerSecond', contender }) as const;
  const fleet = (figure: FigureName): Selection => ({ scenario: 'fleet', figure });
  return [
    atLeast(5000, 'conditional UpdateItem: durable updates a second', spreadOf(runs, updates())),
    atLeast(
      20,
      "conditional UpdateItem: updates a second over moto's",
      ratioOf(runs, updates(), updates('moto')),
    ),
    atMost(40, 'GetItem: CPU in us', spreadOf(runs, { scenario: 'gets', figure: 'itemMicros' })),
    atMost(
      1.03,
      'fleet of 20 on 5,000 leases: most resident in the last third over the second',
      ratioOf(runs, fleet('laterMegabytes'), fleet('earlierMegabytes')),
    ),
    atLeast(
      0.95,
      'PutRecords: MB/s beside a fleet of 200 leases over those without',
      spreadOf(runs, { scenario: 'beside-fleet', figure: 'besideShare' }),
    ),
  ];
}

/** What event source mappings have to bear. AWS promises 70 ms from a put to a function. */
function functioning(runs: readonly Run[]): Target[] {
  const spread = (scenario: string, figure: FigureName) => spreadOf(runs, { scenario, figure });
  return [
    atMost(10, 'put to function, warm, 100/s: p50 in ms', spread('lambda-latency', 'enteredP50Ms')),
    atMost(50, 'put to function, warm, 100/s: p99 in ms', spread('lambda-latency', 'enteredP99Ms')),
    atMost(1000, '5,000 records/s, batches of 100: most behind in ms', spread('lambda-throughput', 'lagMs')),
    atMost(150, 'cold start of a Node function, p50 in ms', spread('lambda-cold-start', 'coldStartP50Ms')),
    atMost(20, '100 idle mappings: grown MB', spread('lambda-idle', 'mappingsMegabytes')),
    atMost(
      0.5,
      '100 idle mappings: CPU in % over that of one',
      perRound(runs, (of) => {
        const each = (figure: FigureName) => of({ scenario: 'lambda-idle', figure });
        return each('mappingsCpuPercent') - each('cpuPercent');
      }),
    ),
    atLeast(
      0.95,
      'PutRecords: MB/s beside functions that misbehave over those without',
      spread('lambda-beside', 'besideShare'),
    ),
  ];
}

/** What deliveries have to carry, and what they may take of everything else. */
function delivering(runs: readonly Run[]): Target[] {
  const spread = (scenario: string, figure: FigureName) => spreadOf(runs, { scenario, figure });
  const stores = [
    ['directoryMegabytes', 'a directory'],
    ['storeMegabytes', 'a server of S3'],
  ] as const;
  return [
    ...stores.flatMap(([figure, store]) => [
      atLeast(50, `JSON lines to gzip in ${store}: MB/s`, spread('delivery-text', figure)),
      atLeast(30, `JSON lines to Parquet in ${store}: MB/s`, spread('delivery-parquet', figure)),
    ]),
    atLeast(
      0.9,
      'PutRecords: MB/s beside a delivery of 5 MiB/s over those without',
      spread('delivery-beside', 'besideShare'),
    ),
    ...(['text', 'gzip', 'parquet'] as const).map((form) =>
      atMost(
        100,
        `delivery into ${form}: most resident MB over rest and buffer`,
        spread('delivery-memory', `${form}OverMegabytes`),
      ),
    ),
  ];
}

function onKafka(runs: readonly Run[]): Target[] {
  const spread = (scenario: string, figure: FigureName, at?: number) =>
    spreadOf(runs, { scenario, figure, ...(at === undefined ? {} : { at }) });
  const puts = [4, 16].flatMap((at) => [
    atLeast(0.5, `Kafka, ${at} shards, JSON: of the library's own produce`, spread('kafka', 'jsonShare', at)),
    atLeast(0.5, `Kafka, ${at} shards, CBOR: of the library's own produce`, spread('kafka', 'cborShare', at)),
    atMost(
      3,
      `Kafka, ${at} shards, JSON: CPU in us a record over the embedded engine's`,
      spread('kafka', 'jsonOverMicros', at),
    ),
    atMost(
      3,
      `Kafka, ${at} shards, CBOR: CPU in us a record over the embedded engine's`,
      spread('kafka', 'cborOverMicros', at),
    ),
  ]);
  const events = [1, 5].map((at) =>
    atMost(
      70,
      `Kafka, 500 records/s in requests of ${at}: put to event, p99 in ms`,
      spread('kafka-latency', 'eventP99Ms', at),
    ),
  );
  const brokers = [1, 2, 3].map((at) =>
    atMost(
      5000,
      `Kafka, broker ${at} killed: ms until every shard takes puts`,
      spread('kafka-broker-killed', 'resumedMs', at),
    ),
  );
  return [
    ...[...puts, ...events, ...brokers],
    atMost(
      1000,
      'Kafka, gateway killed: ms until every shard takes puts again',
      spread('kafka-gateway-killed', 'resumedMs'),
    ),
    below(
      200,
      'Kafka, split with three gateways: ms from its answer to ACTIVE',
      spread('kafka-split', 'splitActiveMs'),
    ),
    atMost(0, 'Kafka, split with three gateways: puts that failed', spread('kafka-split', 'failedAttempts')),
  ];
}

/** What it may cost to be looked at. */
function seeing(runs: readonly Run[]): Target[] {
  const spread = (scenario: string, figure: FigureName, contender = 'millrace') =>
    spreadOf(runs, { scenario, figure, contender });
  return [
    atMost(0.1, 'counting: CPU in us a record of PutRecords', spread('counted-puts', 'countingMicros')),
    atMost(
      1.02,
      'PutRecords: CPU per record beside an open console over that without',
      spread('beside-console', 'besideCpuShare'),
    ),
    below(100, 'GET /metrics of 10,000 shards: CPU in ms', spread('wide-looks', 'lookCpuMs', 'GET /metrics')),
    ...wideLookNames.map((name) =>
      atMost(
        15,
        `${name}, 10,000 shards: CPU of the longest turn of the event loop in ms`,
        spread('wide-looks', 'stallCpuMs', name),
      ),
    ),
  ];
}

function atLeast(limit: number, title: string, measured: Spread | undefined): Target {
  const isReached = measured !== undefined && measured.median >= limit;
  return { title, wanted: `at least ${text(limit)}`, measured, isReached };
}

function atMost(limit: number, title: string, measured: Spread | undefined): Target {
  const isReached = measured !== undefined && measured.median <= limit;
  return { title, wanted: `at most ${text(limit)}`, measured, isReached };
}

function below(limit: number, title: string, measured: Spread | undefined): Target {
  const isReached = measured !== undefined && measured.median < limit;
  return { title, wanted: `under ${text(limit)}`, measured, isReached };
}

function text(limit: number): string {
  return String(Number(limit.toPrecision(3)));
}
