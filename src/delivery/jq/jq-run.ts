import { JqError } from './jq-error.ts';
import type { JqValue } from './jq-value.ts';

/** A part of a program: answers for an input, with what variables are. */
export type JqRun = (input: JqValue, scope: JqScope) => Iterable<JqValue>;

export type JqScope = {
  readonly variables: JqVariable | undefined;
  /** Shared by all of a run: a program that multiplies its answers ends with an error, and not never. */
  readonly steps: { left: number };
};

type JqVariable = { readonly name: string; readonly value: JqValue; readonly outer: JqVariable | undefined };

/** Of one run. */
export const stepsMax = 100_000;

/** `cost` is what it takes besides, where that depends on how large a value is. */
export function countStep(scope: JqScope, cost = 0): void {
  scope.steps.left -= 1 + cost;
  if (scope.steps.left < 0) throw new JqError(`the query takes more than ${stepsMax} steps`);
}
