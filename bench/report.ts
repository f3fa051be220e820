import { median } from '../harness/statistics.ts';
import { contenders as allContenders, type Contender } from './contender.ts';
import { axisText, curves, figuresOf, pointsOf, valueAt } from './curves.ts';
import { type FigureName, figures, titleOf } from './figures.ts';
import { rounded, table } from './markdown.ts';
import { method } from './method.ts';
import { type Results, type Run, type Spread, spreadOf } from './results.ts';
import { shortfalls } from './shortfalls.ts';
import { rowsOf, stallRows, tables } from './tables.ts';
import { floorParts, sum, type Target, targets } from './targets.ts';

/** One line of progress. */
export function runLine({ scenario, at, round, contender, figures: measured, ...run }: Run): string {
  const where = `${scenario}${at === undefined ? '' : ` ${at}`} ${round + 1}`;
  const said = Object.entries(measured)
    .filter(([name]) => name !== 'startMs' || scenario === 'start')
    .map(([name, value]) => `${titleOf(name as FigureName).replace(',', '')} ${rounded(value)}`);
  const errors = run.errors > 0 ? [`${run.errors} errors, the first: ${run.firstError}`] : [];
  return [where.padEnd(22), contender.padEnd(16), ...said.slice(0, 7), ...errors].join('  ');
}

/**
 * A heading, what it says in tables, and the words around them. The same for a terminal, a page and a file.
 */
export type Section = {
  readonly title: string;
  readonly rows: readonly (readonly string[])[];
  readonly note: string;
};

/** All that was measured, in tables. */
export function sections(measured: Results): Section[] {
  const { runs } = measured;
  const all = [
    { title: 'Targets', ...targetTable(runs) },
    { title: 'Side by side', ...comparison(runs) },
    { title: 'What a record must cost', ...floorTable(runs) },
    ...tables.map((each) => ({ title: each.title, rows: rowsOf(runs, each), note: each.note })),
    { title: 'Longest turns of the event loop', rows: stallRows(runs), note: stallNote },
    ...curves.map((curve) => ({ title: curve.title, ...curveTable(runs, curve) })),
  ];
  return all.filter(({ rows }) => rows.length > 1);
}

const stallNote =
  'Requests that ask as much of a server as they can, signed and not; each figure the most of several times. All threads share the one core: ' +
  'what the wall clock says beyond the CPU, other threads took, of the server or of others on the machine.';

/** The tables as Markdown that also reads well in a terminal. */
export function report(measured: Results): string {
  const parts = sections(measured).flatMap(({ title, rows, note }) => [`## ${title}`, table(rows), note]);
  return `${[...parts, ...remarks(measured)].filter((part) => part !== '').join('\n\n')}\n`;
}

/** The page that goes into the repository. */
export function numbersPage(measured: Results): string {
  return [
    '# Numbers',
    'Written by the benchmark, as measured; the method is at the end.',
    origin(measured)
      .map(([name, value]) => `- ${name}: ${name === 'Command' ? `\`${value}\`` : value}`)
      .join('\n'),
    report(measured).trimEnd(),
    '## Where it falls short, and why',
    shortfalls.map((text) => `- ${text}`).join('\n'),
    '## Method',
    `${method.join('\n\n')}\n`,
  ].join('\n\n');
}

/** Where, when and how the numbers were measured. */
export function origin({ command, date, machine }: Results): [name: string, value: string][] {
  const { processor, cores, memoryGiB, kernel, disk, node } = machine;
  return [
    ['Command', command],
    ['Date', date.slice(0, 10)],
    ['Machine', `${processor}, ${cores} cores, ${memoryGiB} GiB, ${kernel}, ${disk}`],
    ['Node', node],
  ];
}

type Column = { title: string; figure: FigureName; scenario?: string; also?: FigureName };

const columns: readonly Column[] = [
  { title: 'PutRecords CPU us/record', figure: 'putMicros', scenario: 'PutRecords' },
  { title: 'MB/s', figure: 'putMegabytes', scenario: 'PutRecords' },
  { title: 'ms', figure: 'p50Ms', also: 'p99Ms', scenario: 'PutRecords' },
  { title: 'GetRecords CPU us/record', figure: 'getMicros', scenario: 'PutRecords' },
  { title: 'MB/s', figure: 'getMegabytes', scenario: 'PutRecords' },
  { title: 'PutRecord CPU us', figure: 'putMicros', scenario: 'PutRecord' },
  { title: 'per s', figure: 'putsPerSecond', scenario: 'PutRecord' },
  { title: 'ms', figure: 'p50Ms', also: 'p99Ms', scenario: 'PutRecord' },
  { title: 'first answer ms', figure: 'startMs', scenario: 'start' },
  { title: 'resident MB after fill', figure: 'residentMegabytes', scenario: 'memory' },
];

function comparison(runs: readonly Run[]): Omit<Section, 'title'> {
  const rows = allContenders
    .map((contender) => [contender.title, ...columns.map((column) => cell(runs, contender, column))])
    .filter((row) => row.slice(1).some((text) => text !== ''));
  const present = allContenders.filter(({ title }) => rows.some(([name]) => name === title));
  const note = [
    "CPU is user and system time of the server's processes; MB are 10^6 bytes of data; medians over the rounds, p99 in parentheses.",
    present.map(({ title, promise }) => `- ${title}: ${promise}`).join('\n'),
  ];
  return { rows: [['Server', ...columns.map(({ title }) => title)], ...rows], note: note.join('\n\n') };
}

function cell(runs: readonly Run[], { name }: Contender, { figure, also, scenario }: Column): string {
  const of = (wanted: FigureName) => spreadOf(runs, { scenario: scenario!, contender: name, figure: wanted });
  const value = of(figure);
  const second = also && of(also);
  if (value === undefined) return '';
  return second ? `${rounded(value.median)} (${rounded(second.median)})` : rounded(value.median);
}

function floorTable(runs: readonly Run[]): Omit<Section, 'title'> {
  const parts = floorParts.map(({ title, selection }) => ({
    title,
    micros: spreadOf(runs, selection)?.median,
  }));
  const ours = spreadOf(runs, { scenario: 'PutRecords', figure: 'putMicros' })?.median;
  const hash = spreadOf(runs, { scenario: 'floor', figure: 'hashMicros' })?.median;
  const disk = spreadOf(runs, { scenario: 'floor', figure: 'diskMegabytes' })?.median;
  if (ours === undefined || hash === undefined || parts.some(({ micros }) => micros === undefined)) {
    return { rows: [], note: '' };
  }
  const total = sum(parts.map(({ micros }) => micros!));
  const rows = [
    ...parts.map(({ title, micros }) => [title, rounded(micros!)]),
    ['sum', rounded(total)],
    ['Millrace', rounded(ours)],
  ];
  const note = `Of the bare server's part, SHA-256 is ${rounded(hash)}. The disk takes ${rounded(disk!)} MB/s in such rounds, each synced.`;
  return { rows: [['PutRecords, 500 x 1 KiB', 'CPU us/record'], ...rows], note };
}

function curveTable(runs: readonly Run[], curve: (typeof curves)[number]): Omit<Section, 'title'> {
  const names = figuresOf(curve);
  const rows = pointsOf(runs, curve).map((at) => [
    axisText(curve, at),
    ...names.map((name) => figureText(valueAt(runs, curve, name, at))),
  ]);
  return { rows: [[curve.axis, ...names.map(titleOf)], ...rows], note: curve.note };
}

function figureText(spread: Spread | undefined): string {
  return spread === undefined ? '' : rounded(spread.median);
}

function targetTable(runs: readonly Run[]): Omit<Section, 'title'> {
  const all = targets(runs);
  const measured = all.filter((target) => target.measured !== undefined);
  const others = all.length - measured.length;
  const note = others === 0 ? '' : ` ${others} others were not measured.`;
  return {
    rows: [['Target', 'wanted', 'median (min to max)', ''], ...measured.map(targetRow)],
    note: `Ratios are taken within a round.${note}`,
  };
}

function targetRow({ title, wanted, measured, isReached }: Target): string[] {
  return [title, wanted, spreadText(measured!), isReached ? 'reached' : 'missed'];
}

function spreadText({ median: middle, min, max, count }: Spread): string {
  return count === 1 ? rounded(middle) : `${rounded(middle)} (${rounded(min)} to ${rounded(max)})`;
}

/** What has to be known about these numbers. */
export function remarks(measured: Results): string[] {
  const { runs, calibrations, failures, skipped, discarded, disturbed, isPinned } = measured;
  const fill = spreadOf(runs, { scenario: 'memory', figure: 'retainedMegabytes' });
  const calibrated = (name: keyof Results['calibrations'][number]) =>
    rounded(median(calibrations.map((each) => each[name])));
  const said = [
    fill && `The fill is ${rounded(fill.median)} MB of data.`,
    calibrations.length > 0 &&
      `Calibration: SHA-256 of 8 MB takes ${calibrated('sha256Ms')} ms, 4 KiB and fdatasync ${calibrated('syncMs')} ms; a KiB costs ${calibrated('smallAppendMicros')} us of CPU time appended 4 KiB at a time, ${calibrated('largeAppendMicros')} us 512 KiB at a time.`,
    !isPinned && 'Server and generator were not pinned to processors of their own.',
    discarded > 0 && `${discarded} runs were discarded and repeated because the machine was not quiet.`,
    disturbed > 0 && `${disturbed} runs stand although the machine was not quiet.`,
    ...skipped,
    ...runs.map(
      ({ contender, scenario, errors, firstError }) =>
        errors > 0 && `${contender}, ${scenario}: ${errors} errors, the first: ${firstError}`,
    ),
    ...failures.map(
      ({ contender, scenario, at, failure }) =>
        `${contender}, ${scenario}${at === undefined ? '' : ` ${at}`}: failed: ${failure.replaceAll(/\s+/g, ' ')}`,
    ),
  ];
  return said.filter((line) => typeof line === 'string');
}

export function unitOf(name: FigureName): string {
  return figures[name][1];
}
