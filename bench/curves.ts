import type { FigureName } from './figures.ts';
import { rounded } from './markdown.ts';
import { type Run, type Spread, spreadOf } from './results.ts';

/** What a scenario with an axis shows: one table, and charts of figures that share a unit. */
export type Curve = {
  readonly scenario: string;
  readonly title: string;
  readonly axis: string;
  readonly axisUnit?: 'bytes';
  readonly note: string;
  readonly charts: readonly { readonly title: string; readonly figures: readonly FigureName[] }[];
  /** In the table only. */
  readonly also?: readonly FigureName[];
};

const memory = { title: 'Memory', figures: ['residentMegabytes'] } as const;
const cpu = { title: 'CPU', figures: ['putMicros'] } as const;

export const curves: readonly Curve[] = [
  {
    scenario: 'latency-PutRecord',
    title: 'Latency of PutRecord',
    axis: 'requests a second',
    note: '1 KiB each, at a rate that is kept whatever the server does; from when each was due to its answer.',
    charts: [{ title: 'Latency', figures: ['p50Ms', 'p99Ms', 'maxMs'] }],
    also: ['putMicros'],
  },
  {
    scenario: 'latency-PutRecords',
    title: 'Latency of PutRecords',
    axis: 'requests a second',
    note: '500 records of 1 KiB each, in the same way.',
    charts: [{ title: 'Latency', figures: ['p50Ms', 'p99Ms', 'maxMs'] }],
    also: ['putMicros'],
  },
  {
    scenario: 'fan-out',
    title: 'From a put to its event',
    axis: 'consumers',
    note: '1,000 records of 1 KiB a second, five to a put, to registered consumers.',
    charts: [{ title: 'Latency from sending the put', figures: ['p50Ms', 'p99Ms', 'maxMs'] }],
    also: ['dueP50Ms', 'dueP99Ms', 'fanOutPerSecond', 'cpuPercent', 'pauseMs'],
  },
  {
    scenario: 'shards',
    title: 'Shards of a stream',
    axis: 'shards',
    note: "PutRecords of 500 records of 1 KiB, calls that list, and starting again; calls in the server's CPU time.",
    charts: [
      { title: 'CPU of puts', figures: ['fourPutMicros', 'allPutMicros'] },
      { title: 'CPU of calls', figures: ['summaryMicros', 'fiveListedMicros', 'thousandListedMicros'] },
      { title: 'Starting again', figures: ['restartMs', 'restartFullMs'] },
      memory,
    ],
  },
  {
    scenario: 'streams',
    title: 'Streams',
    axis: 'streams of one shard',
    note: 'PutRecords of 50 records of 1 KiB to each stream in turn, over 64 connections; a stream syncs its own log.',
    charts: [cpu, { title: 'Starting again', figures: ['restartMs'] }, memory],
    also: ['putsPerSecond', 'p50Ms', 'p99Ms'],
  },
  {
    scenario: 'connections',
    title: 'Connections',
    axis: 'connections',
    note: 'PutRecord of 1 KiB, one under way on every connection.',
    charts: [cpu, { title: 'Latency', figures: ['p50Ms', 'p99Ms', 'maxMs'] }, memory],
    also: ['putsPerSecond'],
  },
  {
    scenario: 'consumers',
    title: 'Consumers',
    axis: 'registered consumers',
    note: '200 records of 1 KiB a second, five to a put, each sent to every consumer.',
    charts: [
      { title: 'CPU', figures: ['fanOutMicros'] },
      { title: 'Latency from sending the put', figures: ['p50Ms', 'p99Ms'] },
      memory,
    ],
    also: ['maxMs', 'fanOutPerSecond', 'pauseMs'],
  },
  {
    scenario: 'record-size',
    title: 'Record size',
    axis: 'bytes of a record',
    axisUnit: 'bytes',
    note: 'PutRecords of as many as make 512 KiB, at most 500 and at least one, over eight connections.',
    charts: [
      { title: 'CPU', figures: ['putMicros'] },
      { title: 'CPU', figures: ['putPerMegabyteMs'] },
      memory,
    ],
    also: ['putMegabytes', 'p50Ms', 'p99Ms'],
  },
  {
    scenario: 'retained',
    title: 'Retained data',
    axis: 'data kept',
    axisUnit: 'bytes',
    note: 'PutRecords of 500 records of 1 KiB to one server that keeps all of it; restarts without a break in between.',
    charts: [
      cpu,
      { title: 'Starting', figures: ['killedRestartMs', 'restartMs'] },
      { title: 'Memory', figures: ['residentMegabytes', 'emptyMegabytes'] },
    ],
    also: ['putMegabytes', 'p50Ms', 'p99Ms'],
  },
];

/** Where the curve was measured, in order. */
export function pointsOf(runs: readonly Run[], { scenario }: Curve): number[] {
  const all = runs.filter((run) => run.scenario === scenario).map(({ at }) => at!);
  return [...new Set(all)].sort((one, other) => one - other);
}

export function valueAt(
  runs: readonly Run[],
  { scenario }: Curve,
  figure: FigureName,
  at: number,
): Spread | undefined {
  return spreadOf(runs, { scenario, figure, at });
}

/** All that its table shows. */
export function figuresOf({ charts, also = [] }: Curve): FigureName[] {
  return [...charts.flatMap(({ figures }) => figures), ...also];
}

export function axisText({ axisUnit }: Pick<Curve, 'axisUnit'>, at: number): string {
  return axisUnit === 'bytes' ? bytesText(at) : at.toLocaleString('en');
}

/** Powers of two where they are meant, within a partition key's length. */
function bytesText(bytes: number): string {
  if (bytes >= 1e9) return `${rounded(bytes / 1e9)} GB`;
  if (bytes >= 2 ** 20 - 64 && bytes % 1000 !== 0) return `${Math.round(bytes / 2 ** 20)} MiB`;
  if (bytes >= 1e6) return `${rounded(bytes / 1e6)} MB`;
  return bytes >= 1024 ? `${rounded(bytes / 1024)} KiB` : `${bytes} B`;
}
