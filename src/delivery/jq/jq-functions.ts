import { ownOf } from '../own-of.ts';
import { costOf, costOfPairs } from './jq-cost.ts';
import { dateFunctions, dateFunctionsOfText } from './jq-dates.ts';
import { JqError } from './jq-error.ts';
import { each } from './jq-operators.ts';
import { countStep, type JqRun, type JqScope } from './jq-run.ts';
import { sorted, sortedFunctions, withKeys } from './jq-sorting.ts';
import { isArray, isTrue, type JqValue } from './jq-value.ts';
import { valueFunctions, valueFunctionsOfOne } from './jq-value-functions.ts';

/** Binds a function to what it is called with. `JqError`, by its name, for one that is not done. */
export function bindFunction(name: string, args: readonly JqRun[]): JqRun {
  const [first] = args;
  if (first === undefined) {
    const run = ownOf(runs, name);
    if (run !== undefined) return run;
    const of = ownOf(valueFunctions, name) ?? ownOf(dateFunctions, name) ?? ownOf(sortedFunctions, name);
    if (of !== undefined) return oneStep(of);
  } else if (args.length === 1) {
    const run = ownOf(runsOfOne, name);
    if (run !== undefined) return run(first);
    const of = ownOf(valueFunctionsOfOne, name) ?? ownOf(dateFunctionsOfText, name);
    if (of !== undefined) return eachArgument(first, of, isOfPairs.has(name) ? costOfPairs : costOf);
  }
  throw new JqError(`${name}/${args.length} is not supported in a query`);
}

/** A text may be made of all that is in a value: then it is the answer that costs. */
export function oneStep(of: (input: JqValue) => JqValue): JqRun {
  return (input, scope) => {
    const answer = of(input);
    countStep(scope, Math.max(costOf(input), costOf(answer)));
    return [answer];
  };
}

/** They look for each element of one value in the other. */
const isOfPairs = new Set(['contains', 'inside']);

function eachArgument(
  argument: JqRun,
  of: (input: JqValue, argument: JqValue) => JqValue,
  cost: (input: JqValue, argument: JqValue) => number,
): JqRun {
  return function* (input, scope) {
    for (const value of argument(input, scope)) {
      countStep(scope, cost(input, value));
      yield of(input, value);
    }
  };
}

const runs: Readonly<Record<string, JqRun>> = {
  true: () => [true],
  false: () => [false],
  null: () => [null],
  empty: () => [],
  recurse: (input, scope) => recursed(input, scope),
  values: kept((value) => value !== null),
  nulls: kept((value) => value === null),
  booleans: kept((value) => typeof value === 'boolean'),
  numbers: kept((value) => typeof value === 'number'),
  strings: kept((value) => typeof value === 'string'),
  arrays: kept(isArray),
  objects: kept((value) => typeof value === 'object' && value !== null && !isArray(value)),
  iterables: kept((value) => typeof value === 'object' && value !== null),
  scalars: kept((value) => typeof value !== 'object' || value === null),
  any: (input, scope) => [decided((value) => [value], true, input, scope)],
  all: (input, scope) => [decided((value) => [value], false, input, scope)],
  error: (input) => {
    throw failedWith(input);
  },
};

const runsOfOne: Readonly<Record<string, (argument: JqRun) => JqRun>> = {
  map: (f) => (input, scope) => [[...mapped(f, input, scope)]],
  select: (f) =>
    function* (input, scope) {
      for (const value of f(input, scope)) {
        countStep(scope);
        if (isTrue(value)) yield input;
      }
    },
  any: (f) => (input, scope) => [decided(f, true, input, scope)],
  all: (f) => (input, scope) => [decided(f, false, input, scope)],
  first: (f) =>
    function* (input, scope) {
      for (const value of f(input, scope)) {
        yield value;
        return;
      }
    },
  last: (f) => (input, scope) => [[...f(input, scope)].at(-1) ?? null],
  with_entries: (f) => (input, scope) => {
    const entries = [...mapped(f, valueFunctions['to_entries']!(input), scope)];
    return [valueFunctions['from_entries']!(entries)];
  },
  error: (f) => (input, scope) => {
    for (const value of f(input, scope)) throw failedWith(value);
    return [];
  },
  sort_by: (f) => (input, scope) => [withKeys(input, keyBy(f, scope)).map(({ value }) => value)],
  group_by: (f) => (input, scope) => [sorted.groups(withKeys(input, keyBy(f, scope)))],
  unique_by: (f) => (input, scope) => [
    sorted.groups(withKeys(input, keyBy(f, scope))).map((group) => group[0]!),
  ],
  min_by: (f) => (input, scope) => [withKeys(input, keyBy(f, scope))[0]?.value ?? null],
  max_by: (f) => (input, scope) => [withKeys(input, keyBy(f, scope)).at(-1)?.value ?? null],
};

function keyBy(f: JqRun, scope: JqScope): (value: JqValue) => JqValue {
  return (value) => {
    countStep(scope);
    return [...f(value, scope)];
  };
}

function kept(isKept: (value: JqValue) => boolean): JqRun {
  return (input) => (isKept(input) ? [input] : []);
}

function* mapped(f: JqRun, input: JqValue, scope: JqScope): Iterable<JqValue> {
  for (const value of each(input)) {
    countStep(scope);
    yield* f(value, scope);
  }
}

/** Whether any answer is as `decides` says, which is then the answer; else the opposite. */
function decided(f: JqRun, decides: boolean, input: JqValue, scope: JqScope): boolean {
  for (const value of mapped(f, input, scope)) if (isTrue(value) === decides) return decides;
  return !decides;
}

/** A value, and all that is in it, outside first. */
function* recursed(input: JqValue, scope: JqScope): Iterable<JqValue> {
  countStep(scope);
  yield input;
  if (typeof input !== 'object' || input === null) return;
  for (const value of each(input)) yield* recursed(value, scope);
}

function failedWith(value: JqValue): JqError {
  const message = typeof value === 'string' ? value : `${JSON.stringify(value)} (not a string)`;
  return new JqError(message, value);
}
