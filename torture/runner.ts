import { SeededRandom } from '../harness/random.ts';
import type { Fault } from './fault.ts';
import type { Workshop } from './workshop.ts';

/** What came of one fault. */
export type Result = {
  readonly fault: Fault;
  readonly skipped: string | undefined;
  readonly rounds: number;
  readonly acknowledged: number;
  /** Broken promises, with the round that showed them, counted from 1. */
  readonly violations: readonly { readonly round: number; readonly sentence: string }[];
  readonly seconds: number;
  /** What was measured, in a line. */
  readonly figures: string | undefined;
};

/** How long a fault goes on: until it had its rounds, or until its time is over. */
export type Measure = { readonly rounds: number; readonly seconds: number };

/** Has a fault do its rounds, and tells of each. */
export async function run(
  fault: Fault,
  workshop: Workshop,
  seed: number,
  { rounds, seconds }: Measure,
  tell: (soFar: Result) => void,
): Promise<Result> {
  const began = performance.now();
  const violations: { round: number; sentence: string }[] = [];
  let done = 0;
  let acknowledged = 0;
  let figures: string | undefined;
  const soFar = (skipped?: string): Result => {
    return {
      fault,
      skipped,
      rounds: done,
      acknowledged,
      violations,
      seconds: (performance.now() - began) / 1000,
      figures,
    };
  };
  const skipped = await fault.obstacle();
  if (skipped !== undefined) return soFar(skipped);
  const stage = { workshop, random: new SeededRandom(seed), isTimed: Number.isFinite(seconds) };
  for await (const round of fault.rounds(stage)) {
    done++;
    figures = round.figures;
    acknowledged += round.acknowledged;
    for (const sentence of round.violations) violations.push({ round: done, sentence });
    tell(soFar());
    if (done >= rounds || performance.now() - began > seconds * 1000) break;
  }
  return soFar();
}
