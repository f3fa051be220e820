import { type FanOutOutcome, type Outcome, recordsPerSecond } from './load.ts';
import type { Machine } from './machine.ts';
import type { Calibration } from './servers/calibration.ts';
import { median } from './statistics.ts';

/** `fill` puts many records in, to see what memory that takes; `start` only starts. */
export type Scenario =
  | 'fill'
  | 'PutRecords'
  | 'PutRecord'
  | 'start'
  | 'fan-out 1'
  | 'fan-out 20'
  | 'shards 10'
  | 'shards 1000'
  | 'shards 10000';

/** One contender's turn on a server of its own. */
export type Run = Measured & {
  readonly scenario: Scenario;
  readonly round: number;
  readonly contender: string;
  readonly startMs: number;
};

/** What a scenario measures of a server; each has its own. */
export type Measured = {
  /** After the puts. */
  readonly residentBytes?: number;
  readonly put?: Outcome;
  readonly get?: Outcome;
  readonly fanOut?: FanOutOutcome;
  readonly shards?: ShardsOutcome;
};

/** Of a server that has one stream with many shards. */
export type ShardsOutcome = {
  /** From starting it on the stream to a record stored: before there were any, and after the puts. */
  readonly restartMs: number;
  readonly restartFullMs: number;
  /** DescribeStreamSummary. */
  readonly summary: Outcome;
  /** ListShards of five, from many places of the list: with a next page also where there are ten. */
  readonly fiveListed: Outcome;
  /** ListShards of a thousand, where there are so many. */
  readonly thousandListed?: Outcome;
  /** PutRecords, 500 records of 1 KiB to four shards, and to all. */
  readonly fourPut: Outcome;
  readonly allPut: Outcome;
};

export type Failure = {
  readonly scenario: Scenario;
  readonly round: number;
  readonly contender: string;
  readonly failure: string;
};

/** All that was measured; the file under bench/results/ holds just this. */
export type Results = {
  readonly date: string;
  readonly command: string;
  readonly machine: Machine;
  readonly isPinned: boolean;
  readonly calibrations: Calibration[];
  readonly runs: Run[];
  readonly failures: Failure[];
  /** Runs that were repeated because something else used the machine, and runs that stand although it did. */
  discarded: number;
  disturbed: number;
};

/** All outcomes of a run. */
export function outcomesOf({ put, get, fanOut, shards }: Measured): (Outcome | FanOutOutcome)[] {
  const { summary, fiveListed, thousandListed, fourPut, allPut } = shards ?? {};
  return [put, get, fanOut, summary, fiveListed, thousandListed, fourPut, allPut].filter(
    (outcome) => outcome !== undefined,
  );
}

/** A number that a run has, or undefined where it does not apply. */
export type Figure = (run: Run) => number | undefined;

export const putMicros: Figure = ({ put }) => microsOf(put);
export const putMegabytes: Figure = ({ put }) => put && put.bytes / put.seconds / 1_000_000;
export const putsPerSecond: Figure = ({ put }) => put && put.records / put.seconds;
export const putP50: Figure = ({ put }) => put?.p50Ms;
export const putP99: Figure = ({ put }) => put?.p99Ms;
export const getMicros: Figure = ({ get }) => microsOf(get);
export const getMegabytes: Figure = ({ get }) => get && get.bytes / get.seconds / 1_000_000;
export const startMs: Figure = (run) => run.startMs;
export const residentMegabytes: Figure = ({ residentBytes: bytes }) => bytes && bytes / 1_000_000;
export const fanOutP50: Figure = ({ fanOut }) => fanOut?.fromSend.p50Ms;
export const fanOutP99: Figure = ({ fanOut }) => fanOut?.fromSend.p99Ms;
/** Not of a run that fell behind its schedule: fewer and larger events cost less. */
export const fanOutMicros: Figure = ({ fanOut }) =>
  fanOut && isOnSchedule(fanOut) ? microsOf(fanOut) : undefined;
export const summaryMicros: Figure = ({ shards }) => microsOf(shards?.summary);
export const fiveListedMicros: Figure = ({ shards }) => microsOf(shards?.fiveListed);
export const thousandListedMicros: Figure = ({ shards }) => microsOf(shards?.thousandListed);
export const fourPutMicros: Figure = ({ shards }) => microsOf(shards?.fourPut);
export const allPutMicros: Figure = ({ shards }) => microsOf(shards?.allPut);
export const restartMs: Figure = ({ shards }) => shards?.restartMs;
export const restartFullMs: Figure = ({ shards }) => shards?.restartFullMs;

/** Whether records were put, and received, at nearly the rate that was wanted. */
export function isOnSchedule({ records, seconds }: FanOutOutcome): boolean {
  return records / seconds >= 0.95 * recordsPerSecond;
}

/** The server's CPU time for a record, or a call. */
function microsOf(outcome: Outcome | FanOutOutcome | undefined): number | undefined {
  return outcome && (outcome.cpuSeconds / outcome.records) * 1_000_000;
}

export type Spread = {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly count: number;
};

/** Of one contender over the rounds of a scenario, of all scenarios when none is named; undefined when never measured. */
export function figureOf(
  runs: readonly Run[],
  contender: string,
  figure: Figure,
  scenario?: Scenario,
): Spread | undefined {
  return spread(turns(runs, contender, scenario).map(figure));
}

/** `over`'s figure divided by `under`'s, within each round of PutRecords: what was measured minutes apart is not compared. */
export function ratioOf(
  runs: readonly Run[],
  over: string,
  under: string,
  figure: Figure,
): Spread | undefined {
  return ratios(turns(runs, over, 'PutRecords'), turns(runs, under, 'PutRecords'), figure);
}

/** A contender's figure in scenario `over` divided by that in `under`, within each round. */
export function growthOf(
  runs: readonly Run[],
  contender: string,
  over: Scenario,
  under: Scenario,
  figure: Figure,
): Spread | undefined {
  return ratios(turns(runs, contender, over), turns(runs, contender, under), figure);
}

function ratios(over: readonly Run[], under: readonly Run[], figure: Figure): Spread | undefined {
  const found = over.map((run) => {
    const other = under.find(({ round }) => round === run.round);
    const [above, below] = [figure(run), other && figure(other)];
    return above === undefined || below === undefined ? undefined : above / below;
  });
  return spread(found);
}

function turns(runs: readonly Run[], contender: string, scenario: Scenario | undefined): Run[] {
  return runs.filter((run) => run.contender === contender && (scenario ?? run.scenario) === run.scenario);
}

function spread(values: readonly (number | undefined)[]): Spread | undefined {
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0) return undefined;
  return { median: median(known), min: Math.min(...known), max: Math.max(...known), count: known.length };
}
