import { costOf, costOfPairs } from './jq-cost.ts';
import { JqError } from './jq-error.ts';
import { formatOf } from './jq-formats.ts';
import { bindFunction, oneStep } from './jq-functions.ts';
import { binary, each, indexed, sliced } from './jq-operators.ts';
import { parseJq } from './jq-parser.ts';
import { countStep, type JqRun, type JqScope, stepsMax } from './jq-run.ts';
import type { JqNode } from './jq-syntax.ts';
import { isTrue, type JqValue, typeOf } from './jq-value.ts';

/** Answers one after the other, as they are asked for; throws `JqError` where jq ends with an error. */
export type JqProgram = (input: JqValue) => Iterable<JqValue>;

/**
 * Compiles a program of the jq that queries of Firehose are written in: paths, literals, operators,
 * conditions, variables, `reduce`, and functions that always end. `JqError` for what is none, and by name for
 * what is not done.
 */
export function compileJq(program: string): JqProgram {
  const run = compiled(parseJq(program), []);
  return (input) => run(input, { variables: undefined, steps: { left: stepsMax } });
}

/** `names` are the variables that there are. */
function compiled(node: JqNode, names: readonly string[]): JqRun {
  switch (node.kind) {
    case 'identity':
      return (input) => [input];
    case 'literal':
      return always([node.value]);
    case 'text':
      return textRun(node.format, node.parts, names);
    case 'format': {
      const format = formatOf(node.format);
      return oneStep(format);
    }
    case 'index':
      return pairs(compiled(node.of, names), compiled(node.at, names), optional(node.isOptional, indexed));
    case 'slice':
      return sliceRun(node, names);
    case 'each':
      return eachRun(compiled(node.of, names), node.isOptional ? orNone(each) : each);
    case 'try':
      return tryRun(compiled(node.body, names), node.caught && compiled(node.caught, names));
    case 'pipe':
      return pipeRun(compiled(node.left, names), compiled(node.right, names));
    case 'comma':
      return commaRun(compiled(node.left, names), compiled(node.right, names));
    case 'alternative':
      return alternativeRun(compiled(node.left, names), compiled(node.right, names));
    case 'and':
    case 'or':
      return logicRun(compiled(node.left, names), compiled(node.right, names), node.kind === 'or');
    case 'binary':
      return pairs(
        compiled(node.left, names),
        compiled(node.right, names),
        one(binary(node.operator)),
        node.operator === '-' ? costOfPairs : costOf,
      );
    case 'negate':
      return negateRun(compiled(node.of, names));
    case 'if':
      return ifRun(
        compiled(node.condition, names),
        compiled(node.whenTrue, names),
        compiled(node.otherwise, names),
      );
    case 'array':
      return arrayRun(node.body && compiled(node.body, names));
    case 'object':
      return objectRun(node.entries.map(([key, value]) => [compiled(key, names), compiled(value, names)]));
    case 'call':
      return bindFunction(
        node.name,
        node.args.map((arg) => compiled(arg, names)),
      );
    case 'variable':
      return variableRun(node.name, names);
    case 'bind':
      return bindRun(compiled(node.source, names), node.name, compiled(node.body, [...names, node.name]));
    case 'reduce':
      return reduceRun(node, names);
  }
}

function always(values: readonly JqValue[]): JqRun {
  return () => values;
}

/** Answers for each pair; the right one changes slowest, as in jq. */
function pairs(
  left: JqRun,
  right: JqRun,
  of: (left: JqValue, right: JqValue) => readonly JqValue[],
  cost: (left: JqValue, right: JqValue) => number = () => 0,
): JqRun {
  return function* (input, scope) {
    for (const second of right(input, scope)) {
      for (const first of left(input, scope)) {
        countStep(scope, cost(first, second));
        yield* of(first, second);
      }
    }
  };
}

function one<Values extends readonly unknown[]>(of: (...values: Values) => JqValue) {
  return (...values: Values): readonly JqValue[] => [of(...values)];
}

function optional<Values extends readonly unknown[]>(
  isOptional: boolean,
  of: (...values: Values) => JqValue,
): (...values: Values) => readonly JqValue[] {
  return isOptional ? orNone(one(of)) : one(of);
}

/** No answers in place of an error. */
function orNone<Values extends readonly unknown[]>(of: (...values: Values) => readonly JqValue[]) {
  return (...values: Values): readonly JqValue[] => {
    try {
      return of(...values);
    } catch (error) {
      if (error instanceof JqError) return [];
      throw error;
    }
  };
}

function textRun(format: string, parts: readonly (string | JqNode)[], names: readonly string[]): JqRun {
  const written = formatOf(format);
  const runs = parts.map((part) => (typeof part === 'string' ? part : compiled(part, names)));
  return (input, scope) => textUpTo(runs.length, runs, '', written, input, scope);
}

/** What comes first changes fastest, as in jq, so the last part is asked first. */
function* textUpTo(
  end: number,
  parts: readonly (string | JqRun)[],
  behind: string,
  written: (value: JqValue) => string,
  input: JqValue,
  scope: JqScope,
): Iterable<JqValue> {
  const part = parts[end - 1];
  if (part === undefined) yield behind;
  else if (typeof part === 'string') yield* textUpTo(end - 1, parts, part + behind, written, input, scope);
  else {
    for (const value of part(input, scope)) {
      const text = written(value);
      countStep(scope, costOf(text));
      yield* textUpTo(end - 1, parts, text + behind, written, input, scope);
    }
  }
}

function sliceRun(node: Extract<JqNode, { kind: 'slice' }>, names: readonly string[]): JqRun {
  const of = compiled(node.of, names);
  const from = node.from ? compiled(node.from, names) : always([null]);
  const to = node.to ? compiled(node.to, names) : always([null]);
  const slice = optional(node.isOptional, sliced);
  return function* (input, scope) {
    for (const start of from(input, scope)) {
      for (const end of to(input, scope)) {
        for (const value of of(input, scope)) {
          countStep(scope, costOf(value));
          yield* slice(value, start, end);
        }
      }
    }
  };
}

function eachRun(of: JqRun, elementsOf: (value: JqValue) => readonly JqValue[]): JqRun {
  return function* (input, scope) {
    for (const value of of(input, scope)) {
      for (const element of elementsOf(value)) {
        countStep(scope);
        yield element;
      }
    }
  };
}

/** Catches what the body throws, and nothing that is thrown by who goes on with its answers. */
function tryRun(body: JqRun, caught: JqRun | undefined): JqRun {
  return function* (input, scope) {
    const { answers, failure } = untilError(body, input, scope);
    yield* answers;
    const error = failure();
    if (error !== undefined && caught !== undefined) yield* caught(error.value, scope);
  };
}

function untilError(body: JqRun, input: JqValue, scope: JqScope) {
  let failed: JqError | undefined;
  function* answers(): Iterable<JqValue> {
    try {
      const iterator = body(input, scope)[Symbol.iterator]();
      for (let next = iterator.next(); !next.done; next = iterator.next()) yield next.value;
    } catch (error) {
      if (!(error instanceof JqError) || scope.steps.left < 0) throw error;
      failed = error;
    }
  }
  return { answers: answers(), failure: () => failed };
}

function pipeRun(left: JqRun, right: JqRun): JqRun {
  return function* (input, scope) {
    for (const value of left(input, scope)) {
      countStep(scope);
      yield* right(value, scope);
    }
  };
}

function commaRun(left: JqRun, right: JqRun): JqRun {
  return function* (input, scope) {
    yield* left(input, scope);
    yield* right(input, scope);
  };
}

/** All of the left that is neither null nor false; the right where there is none. Errors stay errors. */
function alternativeRun(left: JqRun, right: JqRun): JqRun {
  return function* (input, scope) {
    let has = false;
    for (const value of left(input, scope)) {
      if (!isTrue(value)) continue;
      has = true;
      yield value;
    }
    if (!has) yield* right(input, scope);
  };
}

function logicRun(left: JqRun, right: JqRun, decides: boolean): JqRun {
  return function* (input, scope) {
    for (const first of left(input, scope)) {
      countStep(scope);
      if (isTrue(first) === decides) yield decides;
      else for (const second of right(input, scope)) yield isTrue(second);
    }
  };
}

function negateRun(of: JqRun): JqRun {
  return function* (input, scope) {
    for (const value of of(input, scope)) {
      if (typeof value !== 'number') throw new JqError(`${typeOf(value)} cannot be negated`);
      yield -value;
    }
  };
}

function ifRun(condition: JqRun, whenTrue: JqRun, otherwise: JqRun): JqRun {
  return function* (input, scope) {
    for (const value of condition(input, scope)) {
      countStep(scope);
      yield* (isTrue(value) ? whenTrue : otherwise)(input, scope);
    }
  };
}

function arrayRun(body: JqRun | undefined): JqRun {
  return (input, scope) => [body === undefined ? [] : [...body(input, scope)]];
}

/** What comes first changes slowest. */
function objectRun(entries: readonly (readonly [JqRun, JqRun])[]): JqRun {
  return (input, scope) => objectFrom(entries, 0, [], input, scope);
}

function* objectFrom(
  entries: readonly (readonly [JqRun, JqRun])[],
  at: number,
  before: readonly (readonly [string, JqValue])[],
  input: JqValue,
  scope: JqScope,
): Iterable<JqValue> {
  const entry = entries[at];
  if (entry === undefined) {
    yield Object.fromEntries(before);
    return;
  }
  for (const key of entry[0](input, scope)) {
    if (typeof key !== 'string') throw new JqError(`Object keys must be strings`);
    for (const value of entry[1](input, scope)) {
      countStep(scope);
      yield* objectFrom(entries, at + 1, [...before, [key, value]], input, scope);
    }
  }
}

function variableRun(name: string, names: readonly string[]): JqRun {
  if (!names.includes(name)) throw new JqError(`${name} is not defined`);
  return (_input, scope) => {
    let variable = scope.variables!;
    while (variable.name !== name) variable = variable.outer!;
    return [variable.value];
  };
}

function bindRun(source: JqRun, name: string, body: JqRun): JqRun {
  return function* (input, scope) {
    for (const value of source(input, scope)) {
      countStep(scope);
      yield* body(input, withVariable(scope, name, value));
    }
  };
}

function withVariable(scope: JqScope, name: string, value: JqValue): JqScope {
  return { variables: { name, value, outer: scope.variables }, steps: scope.steps };
}

/** The last answer of an update is what the next one is handed; null where there was none. */
function reduceRun(node: Extract<JqNode, { kind: 'reduce' }>, names: readonly string[]): JqRun {
  const source = compiled(node.source, names);
  const initial = compiled(node.initial, names);
  const update = compiled(node.update, [...names, node.name]);
  return function* (input, scope) {
    for (const first of initial(input, scope)) {
      let state = first;
      for (const value of source(input, scope)) {
        countStep(scope);
        let last: JqValue = null;
        for (const answer of update(state, withVariable(scope, node.name, value))) last = answer;
        state = last;
      }
      yield state;
    }
  };
}
