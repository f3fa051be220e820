import type { Contender } from './contender.ts';
import { fanOutParts, fanOutSection } from './fan-out-report.ts';
import { rounded, table } from './markdown.ts';
import type { Figure, Results, Run, Scenario, Spread } from './results.ts';
import * as results from './results.ts';
import { shardsParts, shardsSection } from './shards-report.ts';
import { median } from './statistics.ts';
import { type Target, targets } from './targets.ts';

/** One line of progress. */
export function runLine(run: Run): string {
  const { put, get, fanOut, shards } = run;
  const parts = [`${run.scenario} ${run.round + 1}`.padEnd(15) + run.contender.padEnd(16)];
  if (put) {
    parts.push(
      `${rounded(results.putMicros(run)!)} us/record`,
      `${rounded(results.putMegabytes(run)!)} MB/s`,
    );
    parts.push(`p50 ${rounded(put.p50Ms)} ms, p99 ${rounded(put.p99Ms)} ms`);
    parts.push(`${rounded(results.residentMegabytes(run)!)} MB resident`);
  }
  if (get) parts.push(`reads ${rounded(results.getMegabytes(run)!)} MB/s`);
  if (fanOut) parts.push(...fanOutParts(fanOut));
  if (shards) parts.push(...shardsParts(run));
  if (parts.length === 1) parts.push(`first answer after ${rounded(run.startMs)} ms`);
  if (put && put.errors > 0) parts.push(`${put.errors} errors, the first: ${put.firstError}`);
  return parts.join('  ');
}

/** The tables as Markdown that also reads well in a terminal. */
export function report(measured: Results, contenders: readonly Contender[]): string {
  const header = columns.map(({ title }) => title);
  const rows = contenders.map((contender) => [
    contender.title,
    ...columns.slice(1).map((column) => cell(measured.runs, contender.name, column)),
  ]);
  const targetRows = targets(measured.runs).map(targetRow);
  const paragraphs = [
    ...(measured.runs.some(({ fanOut, shards }) => !fanOut && !shards) ? [table([header, ...rows])] : []),
    "CPU is user and system time of the server's processes; MB are 10^6 bytes of data; medians over the rounds, p99 in parentheses.",
    contenders.map(({ title, promise }) => `- ${title}: ${promise}`).join('\n'),
    ...fanOutSection(measured.runs),
    ...shardsSection(measured.runs),
    table([['Target', 'wanted', 'median (min to max)', ''], ...targetRows]),
    ...remarks(measured),
  ];
  return `${paragraphs.join('\n\n')}\n`;
}

/** The page that goes into the repository. */
export function numbersPage(measured: Results, contenders: readonly Contender[]): string {
  const { machine } = measured;
  const lines = [
    '# Numbers',
    '',
    'Written by the benchmark, as measured; the method is at the end.',
    '',
    `- Command: \`${measured.command}\``,
    `- Date: ${measured.date.slice(0, 10)}`,
    `- Machine: ${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.kernel}, ${machine.disk}`,
    `- Node: ${machine.node}`,
    '',
    report(measured, contenders),
    method,
  ];
  return lines.join('\n');
}

const method = `## Method

PutRecords sends 500 records of 1 KiB per request over 8 connections to 4 shards; PutRecord one of 1 KiB over 64. A
generator in a process of its own replays requests that it signed beforehand, one at a time on each kept-alive
connection (a closed loop: latencies are those of a saturated server). Only a 200 without failed records counts. GetRecords then
reads all shards from TRIM_HORIZON to the tip at once and must find exactly what was acknowledged. The servers take turns, A B C and then
C B A, each time in a new process and an empty directory, the server on one core and the generator on another;
ratios are taken within a round.

Fan-out puts 1,000 records of 1 KiB a second, five to a request, on a fixed schedule that waits for no answer, while consumers are
subscribed to the one shard by SubscribeToShard over HTTP/2 without TLS, each on a connection of its own. Producer and
consumers are one process with one clock: the latency is the time from sending the put to having the event, its checksums
verified and its JSON parsed. Every consumer must have had every acknowledged record once and in order. The streams of many
shards are each on a server of their own; calls are replayed over 8 connections as the puts are, and PutRecords to four shards is
the same request whatever the number of shards.

A run in which other processes used more than 10 % of the processors is repeated, ten times in
all at most.
`;

type Column = { title: string; figure: Figure; scenario?: Scenario; also?: Figure };

const columns: readonly Column[] = [
  { title: 'Server', figure: () => undefined },
  { title: 'PutRecords CPU us/record', figure: results.putMicros, scenario: 'PutRecords' },
  { title: 'MB/s', figure: results.putMegabytes, scenario: 'PutRecords' },
  { title: 'ms', figure: results.putP50, also: results.putP99, scenario: 'PutRecords' },
  { title: 'GetRecords CPU us/record', figure: results.getMicros, scenario: 'PutRecords' },
  { title: 'MB/s', figure: results.getMegabytes, scenario: 'PutRecords' },
  { title: 'PutRecord CPU us', figure: results.putMicros, scenario: 'PutRecord' },
  { title: 'per s', figure: results.putsPerSecond, scenario: 'PutRecord' },
  { title: 'ms', figure: results.putP50, also: results.putP99, scenario: 'PutRecord' },
  { title: 'first answer ms', figure: results.startMs },
  { title: 'resident MB after fill', figure: results.residentMegabytes, scenario: 'fill' },
];

function cell(runs: readonly Run[], contender: string, { figure, also, scenario }: Column): string {
  const value = results.figureOf(runs, contender, figure, scenario);
  const second = also && results.figureOf(runs, contender, also, scenario);
  if (value === undefined) return '';
  return second ? `${rounded(value.median)} (${rounded(second.median)})` : rounded(value.median);
}

function targetRow({ title, wanted, measured, isReached }: Target): string[] {
  if (measured === undefined) return [title, wanted, '', 'not measured'];
  return [title, wanted, spreadText(measured), isReached ? 'reached' : 'missed'];
}

function spreadText({ median, min, max, count }: Spread): string {
  return count === 1 ? rounded(median) : `${rounded(median)} (${rounded(min)} to ${rounded(max)})`;
}

function remarks({ runs, calibrations, failures, discarded, disturbed, isPinned }: Results): string[] {
  const fill = runs.find(({ scenario }) => scenario === 'fill')?.put;
  const sha256Ms = median(calibrations.map((each) => each.sha256Ms));
  const syncMs = median(calibrations.map((each) => each.syncMs));
  const said = [
    fill && `The fill is ${rounded((fill.acknowledged * 1024) / 1_000_000)} MB of data.`,
    calibrations.length > 0 &&
      `Calibration: SHA-256 of 8 MB takes ${rounded(sha256Ms)} ms, 4 KiB and fdatasync ${rounded(syncMs)} ms.`,
    !isPinned && 'Server and generator were not pinned to processors of their own.',
    discarded > 0 && `${discarded} runs were discarded and repeated because the machine was not quiet.`,
    disturbed > 0 && `${disturbed} runs stand although the machine was not quiet.`,
    ...runs.flatMap((run) =>
      results.outcomesOf(run).map((outcome) => {
        if (!('errors' in outcome) || outcome.errors === 0) return undefined;
        return `${run.contender}, ${run.scenario}: ${outcome.errors} errors, the first: ${outcome.firstError}`;
      }),
    ),
    ...runs.map(
      ({ scenario, round, fanOut }) =>
        fanOut &&
        !results.isOnSchedule(fanOut) &&
        `${scenario}, round ${round + 1}: fell behind its schedule.`,
    ),
    ...failures.map(
      ({ contender, scenario, failure }) =>
        `${contender}, ${scenario}: failed: ${failure.replaceAll(/\s+/g, ' ')}`,
    ),
  ];
  return said.filter((line) => typeof line === 'string');
}
