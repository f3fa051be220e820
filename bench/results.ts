import { median } from '../harness/statistics.ts';
import type { FigureName, Figures } from './figures.ts';
import type { Machine } from './machine.ts';
import type { Calibration } from './servers/calibration.ts';

/** What was measured in one contender's turn. */
export type Run = {
  readonly scenario: string;
  /** Where on the scenario's axis: so many shards, streams, connections … Undefined where it has none. */
  readonly at?: number;
  readonly round: number;
  readonly contender: string;
  readonly figures: Figures;
  readonly errors: number;
  readonly firstError?: string;
};

export type Failure = Omit<Run, 'figures' | 'errors' | 'firstError'> & { readonly failure: string };

/** All that was measured; a file under bench/results/ holds just this. */
export type Results = {
  readonly date: string;
  readonly command: string;
  readonly machine: Machine;
  readonly isPinned: boolean;
  readonly calibrations: Calibration[];
  readonly runs: Run[];
  readonly failures: Failure[];
  /** What was left out, and why. */
  readonly skipped: string[];
  /** Runs that were repeated because something else used the machine, and runs that stand although it did. */
  discarded: number;
  disturbed: number;
};

/**
 * Several results as one, their rounds one after the other: what was measured in different runs is never
 * compared.
 */
export function joined(all: readonly Results[]): Results {
  let before = 0;
  const renumbered = all.map((results) => {
    const first = before;
    before += Math.max(0, ...results.runs.map(({ round }) => round + 1));
    return { ...results, runs: results.runs.map((run) => ({ ...run, round: first + run.round })) };
  });
  const newest = all.toSorted((one, other) => (one.date < other.date ? -1 : 1)).at(-1)!;
  return {
    ...newest,
    command: [...new Set(all.map(({ command }) => command))].join('`, `'),
    isPinned: all.every(({ isPinned }) => isPinned),
    calibrations: all.flatMap(({ calibrations }) => calibrations),
    runs: renumbered.flatMap(({ runs }) => runs),
    failures: all.flatMap(({ failures }) => failures),
    skipped: [...new Set(all.flatMap(({ skipped }) => skipped))],
    discarded: all.reduce((sum, { discarded }) => sum + discarded, 0),
    disturbed: all.reduce((sum, { disturbed }) => sum + disturbed, 0),
  };
}

/** Which number is meant; Millrace's unless another contender is named. */
export type Selection = {
  readonly scenario: string;
  readonly figure: FigureName;
  readonly contender?: string;
  readonly at?: number;
};

export type Spread = {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly count: number;
};

/**
 * Computes a number in each round from what was measured in that round, so that nothing is compared with what
 * was measured minutes apart. Rounds that lack a part are left out; undefined when none is left.
 */
export function perRound(
  runs: readonly Run[],
  compute: (of: (selection: Selection) => number) => number,
): Spread | undefined {
  const values = [...Map.groupBy(runs, ({ round }) => round).values()].map((round) =>
    compute((selection) => valueIn(round, selection)),
  );
  const known = values.filter((value) => !Number.isNaN(value));
  if (known.length === 0) return undefined;
  return { median: median(known), min: Math.min(...known), max: Math.max(...known), count: known.length };
}

function valueIn(round: readonly Run[], selection: Selection): number {
  const { scenario, at, contender = 'millrace', figure } = selection;
  const run = round.find(
    (each) => each.scenario === scenario && each.at === at && each.contender === contender,
  );
  return run?.figures[figure] ?? Number.NaN;
}

export function spreadOf(runs: readonly Run[], selection: Selection): Spread | undefined {
  return perRound(runs, (of) => of(selection));
}

/** Over the rounds in which both were measured. */
export function ratioOf(runs: readonly Run[], over: Selection, under: Selection): Spread | undefined {
  return perRound(runs, (of) => of(over) / of(under));
}
