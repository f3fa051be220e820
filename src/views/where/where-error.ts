import { type Environment, ParseError, TypeError as TypeFault } from '@marcbachmann/cel-js';
import { didYouMean } from '../nearest.ts';
import { ViewError } from '../view-error.ts';

/**
 * What is wrong with an expression, for whoever typed it: `names` are those of its variables. Any other error
 * as it is.
 */
export function whereError(error: unknown, environment: Environment, names: readonly string[]): unknown {
  // The library's parser goes deeper for each of a row of signs before it counts them.
  if (error instanceof RangeError) return new ViewError('the expression lies too deep in itself');
  if (!(error instanceof ParseError || error instanceof TypeFault)) return error;
  const { summary, range } = error;
  return new ViewError(sentence(summary, environment, names), range?.start);
}

/**
 * The library's sentences are told from each other by their beginnings; of the others, it says what it can.
 */
function sentence(summary: string, environment: Environment, names: readonly string[]): string {
  const [, variable] = /^Unknown variable: (.*)$/s.exec(summary) ?? [];
  if (variable !== undefined)
    return `there is no ${variable}${didYouMean(variable, names)}; there are ${names.join(', ')}`;
  const [, call] = /^found no matching overload for '(.*)'$/s.exec(summary) ?? [];
  if (call !== undefined) return callSentence(call, environment);
  const [, operation] = /^no such overload: (.*)$/s.exec(summary) ?? [];
  if (operation !== undefined) return `there is no ${operation.replaceAll(longNames, shortName)}`;
  if (/: EOF$/.test(summary)) return 'the expression ends too early';
  return summary.slice(0, 1).toLowerCase() + summary.slice(1);
}

/** `call` is `function(types)` or `type.method(types)`. */
function callSentence(call: string, environment: Environment): string {
  const [, receiver, name = ''] = /^(?:(.*)\.)?(\w+)\(/s.exec(call) ?? [];
  const { functions } = environment.getDefinitions();
  const known = functions.filter((one) => (one.receiverType === null) === (receiver === undefined));
  const names = known.map((one) => one.name);
  const shown = call.replaceAll(longNames, shortName);
  if (names.includes(name)) return `there is no ${shown}: ${name} is of other types`;
  const kind = receiver === undefined ? 'function' : 'method';
  return `there is no ${kind} ${name}${didYouMean(name, names)}`;
}

const longNames = /google\.protobuf\.(Timestamp|Duration)/g;
const shortName = (_: string, name: string) => name.toLowerCase();
