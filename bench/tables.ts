import { deliveryTables } from './delivery/tables.ts';
import { type FigureName, titleOf } from './figures.ts';
import { kafkaTables } from './kafka/tables.ts';
import { lambdaTables } from './lambda/tables.ts';
import { rounded } from './markdown.ts';
import { type Run, spreadOf } from './results.ts';
import { seenTables } from './seen/tables.ts';

/** What scenarios without an axis show: a row for each server, or each way of doing it. */
export type Table = {
  readonly title: string;
  readonly note: string;
  readonly rows: readonly {
    readonly title: string;
    readonly scenario: string;
    readonly contender?: string;
    readonly at?: number;
  }[];
  readonly figures: readonly FigureName[];
};

export const tables: readonly Table[] = [
  {
    title: 'Hot pages',
    note: 'GetRecords for the same page of 10 MiB over four connections, next to a server that sends those bytes and does nothing else.',
    rows: [
      { title: 'Millrace', scenario: 'hot-reads' },
      { title: 'static node:http', scenario: 'hot-reads', contender: 'static' },
    ],
    figures: ['pageMegabytes', 'pageMegabytesPerCpu'],
  },
  {
    title: 'JSON and CBOR',
    note: "The same puts in both, over eight connections and over 64, each on a new server: server CPU. Java's SDKs speak CBOR by default.",
    rows: [{ title: 'Millrace', scenario: 'encodings' }],
    figures: ['jsonPutRecordsMicros', 'cborPutRecordsMicros', 'jsonPutRecordMicros', 'cborPutRecordMicros'],
  },
  {
    title: 'Clients of HTTP/2',
    note: 'PutRecord of 1 KiB by sixteen clients that keep their connections, and by sixteen that open an HTTP/2 session for each.',
    rows: [{ title: 'Millrace', scenario: 'sessions' }],
    figures: ['http1Micros', 'sessionMicros'],
  },
  {
    title: 'Who calls, and may it',
    note: 'PutRecord of a KiB by a user with 20 statements, three of them with conditions that are asked every time, or none: CPU, warm caches.',
    rows: [{ title: 'Millrace', scenario: 'decision' }],
    figures: ['verifyMicros', 'decideMicros', 'rememberedMicros'],
  },
  {
    title: 'What counting costs',
    note: 'The meter, told of puts that have settled: CPU, warm caches.',
    rows: [{ title: 'Millrace', scenario: 'meter' }],
    figures: [
      ...(['countedRecordMicros', 'countedHotMicros', 'countedScatteredMicros'] as const),
      ...(['countedPutMicros', 'countedCallMicros'] as const),
      ...(['publishedRecordMicros', 'publishedPutMicros'] as const),
    ],
  },
  {
    title: 'Tables of leases',
    note: 'UpdateItem on condition of counter and owner of 1,000 leases, in KCL 1 to 3’s form and in expressions, and consistent GetItem, over 64 connections.',
    rows: [
      { title: 'Millrace, UpdateItem', scenario: 'updates' },
      { title: 'moto_server, UpdateItem', scenario: 'updates', contender: 'moto' },
      { title: 'Millrace, GetItem', scenario: 'gets' },
      { title: 'moto_server, GetItem', scenario: 'gets', contender: 'moto' },
    ],
    figures: ['updatesPerSecond', 'updateMicros', 'itemsPerSecond', 'itemMicros', 'p50Ms', 'p99Ms'],
  },
  {
    title: 'A fleet of workers',
    note: '20 workers renew 5,000 leases every third of 10 s, ask the index every time and scan every 30 s; and PutRecords with and without 4 workers on 200 leases beside, in pairs.',
    rows: [
      { title: '5,000 leases', scenario: 'fleet' },
      { title: 'PutRecords beside 200', scenario: 'beside-fleet' },
    ],
    figures: [
      ...([
        'updatesPerSecond',
        'cpuPercent',
        'p50Ms',
        'p99Ms',
        'earlierMegabytes',
        'laterMegabytes',
      ] as const),
      ...(['putMegabytes', 'besideMegabytes', 'besideShare'] as const),
    ],
  },
  {
    title: 'Slow bodies',
    note: '2,000 connections that each promise 10 MiB, half of them signed by a known user: the most that resident memory grew in 20 s.',
    rows: [{ title: 'Millrace', scenario: 'slow-bodies' }],
    figures: ['emptyMegabytes', 'bytewiseGrownMegabytes', 'pacedGrownMegabytes', 'residentMegabytes'],
  },
  {
    title: 'Cold reads',
    note: 'A stream of 64 shards that no memory holds, one shard and all at once by 64 readers, by the engine alone and by GetRecords. The disk is the same files read from end to end, and one shard is told in MB of the files that its reader passes: 64 times what it gets.',
    rows: [
      { title: 'engine, written as fast as possible', scenario: 'cold-reads' },
      { title: 'engine, written in a trickle', scenario: 'cold-reads-trickle' },
      { title: 'GetRecords, written as fast as possible', scenario: 'cold-gets' },
    ],
    figures: [
      'retainedMegabytes',
      'diskMegabytes',
      'oneShardMegabytes',
      'allShardsMegabytes',
      'allShardsPerMegabyteMs',
      'residentMegabytes',
    ],
  },
  {
    title: 'Starting after kill -9',
    note: 'Ten streams of 100 shards each, killed after the last put; nothing in memory. An ordinary restart for comparison.',
    rows: [{ title: 'Millrace', scenario: 'restart' }],
    figures: ['retainedMegabytes', 'activeMegabytes', 'killedRestartMs', 'readActiveMs', 'restartMs'],
  },
  ...lambdaTables,
  ...deliveryTables,
  ...kafkaTables,
  ...seenTables,
];

/** A header and the rows that were measured. */
export function rowsOf(runs: readonly Run[], { rows, figures }: Table): string[][] {
  const measured = rows.map(({ title, ...where }) => {
    const cells = figures.map((figure) => spreadOf(runs, { ...where, figure })?.median);
    return [title, ...cells.map((value) => (value === undefined ? '' : rounded(value)))];
  });
  const known = measured.filter((row) => row.slice(1).some((text) => text !== ''));
  return known.length === 0 ? [] : [['', ...figures.map(titleOf)], ...known];
}

/** The requests of the longest turns of the event loop, with the median of what each took. */
export function stallRows(runs: readonly Run[]): string[][] {
  const measured = runs.filter(
    ({ scenario, contender }) => scenario === 'stalls' && contender !== 'millrace',
  );
  const names = [...new Set(measured.map(({ contender }) => contender))];
  const of = (contender: string, figure: FigureName) =>
    spreadOf(measured, { scenario: 'stalls', contender, figure })!.median;
  const longest = names
    .toSorted((one, other) => of(other, 'stallMs') - of(one, 'stallMs'))
    .slice(0, stallsShown)
    .map((name) => [name, ...stallFigures.map((figure) => rounded(of(name, figure)))]);
  return [['Request of 10 MiB', ...stallFigures.map(titleOf)], ...longest];
}

const stallsShown = 8;
const stallFigures = ['stallMs', 'stallCpuMs'] as const;
