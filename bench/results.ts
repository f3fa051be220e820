import type { Outcome } from './load.ts';
import type { Machine } from './machine.ts';
import type { Calibration } from './servers/calibration.ts';
import { median } from './statistics.ts';

/** `fill` puts many records in, to see what memory that takes. */
export type Scenario = 'PutRecords' | 'PutRecord' | 'fill';

/** One contender's turn on a server of its own. */
export type Run = {
  readonly scenario: Scenario;
  readonly round: number;
  readonly contender: string;
  readonly startMs: number;
  /** After the puts. */
  readonly residentBytes: number;
  readonly put: Outcome;
  readonly get?: Outcome;
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

/** A number that a run has, or undefined where it does not apply. */
export type Figure = (run: Run) => number | undefined;

export const putMicros: Figure = ({ put }) => (put.cpuSeconds / put.records) * 1_000_000;
export const putMegabytes: Figure = ({ put }) => put.bytes / put.seconds / 1_000_000;
export const putsPerSecond: Figure = ({ put }) => put.records / put.seconds;
export const putP50: Figure = ({ put }) => put.p50Ms;
export const putP99: Figure = ({ put }) => put.p99Ms;
export const getMicros: Figure = ({ get }) => get && (get.cpuSeconds / get.records) * 1_000_000;
export const getMegabytes: Figure = ({ get }) => get && get.bytes / get.seconds / 1_000_000;
export const startMs: Figure = (run) => run.startMs;
export const residentMegabytes: Figure = (run) => run.residentBytes / 1_000_000;

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
  const ratios = turns(runs, over, 'PutRecords').map((run) => {
    const other = turns(runs, under, 'PutRecords').find(({ round }) => round === run.round);
    const [above, below] = [figure(run), other && figure(other)];
    return above === undefined || below === undefined ? undefined : above / below;
  });
  return spread(ratios);
}

function turns(runs: readonly Run[], contender: string, scenario: Scenario | undefined): Run[] {
  return runs.filter((run) => run.contender === contender && (scenario ?? run.scenario) === run.scenario);
}

function spread(values: readonly (number | undefined)[]): Spread | undefined {
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0) return undefined;
  return { median: median(known), min: Math.min(...known), max: Math.max(...known), count: known.length };
}
