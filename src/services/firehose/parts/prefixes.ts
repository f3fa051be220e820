import { prefixTooLong } from '../../../delivery/names/firehose-names.ts';
import type { NameContext } from '../../../delivery/names/name-context.ts';
import { NamesError } from '../../../delivery/names/names-error.ts';
import { type CompiledNames, namesOf } from '../../../delivery/names/object-names.ts';
import { isKey } from '../../../objects/object-names.ts';
import { invalidArgument } from '../errors.ts';

/** What a request says of names in one bucket. */
export type Prefixes = {
  readonly Prefix?: string | undefined;
  readonly ErrorOutputPrefix?: string | undefined;
  readonly CustomTimeZone?: string | undefined;
};

/** The texts are AWS's, its slip of the pen included (recorded). */
export function requirePrefixes(prefixes: Prefixes, partitions: boolean): void {
  const { Prefix: prefix = '', ErrorOutputPrefix: error = '', CustomTimeZone: timeZone } = prefixes;
  requireTimeZone(timeZone);
  requireExpressions('Prefix', prefix, timeZone);
  requireExpressions('ErrorOutputPrefix', error, timeZone);
  if (hasExpression(prefix) && error === '') {
    throw unsatisfied('ErrorOutputPrefix cannot be null or empty when Prefix contains expressions');
  }
  if (prefix.includes(errorTypeExpression)) {
    throw unsatisfied(`Prefix must not contain any occurrence of ${errorTypeExpression}`);
  }
  if (hasExpression(error) && !error.includes(errorTypeExpression)) {
    throw unsatisfied(`ErrorOutputPrefix must contain at least one occurrence of ${errorTypeExpression}`);
  }
  if (partitionForm.test(error)) {
    throw invalidArgument("Dynamic Partitioning Namespaces can't be part of an error prefix expression");
  }
  if (partitions && !partitionForm.test(prefix)) {
    throw invalidArgument(
      'S3 Prefix should contain Dynamic Partitioning namespaces when Dynamic Partitioning is enabled',
    );
  }
  if (!partitions && partitionForm.test(prefix)) {
    throw invalidArgument(
      'Dynamic Partitioning Namespaces can only be part of a prefix expression when Dynamic Partitioning is enabled.',
    );
  }
}

const errorTypeExpression = '!{firehose:error-output-type}';
const partitionForm = /!\{partitionKeyFrom(Query|Lambda):/;

function hasExpression(prefix: string): boolean {
  return prefix.includes('!{');
}

/** Names of the keys that a prefix has from a query. */
export function queryKeysIn(prefix: string): string[] {
  return [...prefix.matchAll(/!\{partitionKeyFromQuery:([^}]*)\}/g)].map(([, key]) => key!);
}

function unsatisfied(constraint: string) {
  return invalidArgument(`Ths supplied prefix(es) do not satisfy the following constraint: ${constraint}`);
}

function requireTimeZone(timeZone: string | undefined): void {
  if (timeZone === undefined || timeZone === '' || timeZone === 'UTC') return;
  if (timeZone.includes('/') && isTimeZone(timeZone)) return;
  throw invalidArgument(
    'Provided custom time zone is not supported. Custom time zones are limited to UTC and non-3-letter IANA time zones.',
  );
}

function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return false;
  }
}

function requireExpressions(member: string, prefix: string, timeZone = 'UTC'): void {
  for (const start of starts(prefix)) {
    const [, namespace] = expressionForm.exec(prefix.slice(start)) ?? [];
    if (namespace === undefined) throw unsatisfied(`Invalid expression usage in ${member}`);
    if (namespaces.has(namespace)) continue;
    throw unsatisfied(`Namespace to the left of colon (${namespace}) is an invalid keyword!`);
  }
  try {
    const names = namesOf({ kind: 'firehose', prefix, extension: undefined, timeZone: timeZone || 'UTC' });
    if (!isKey(names.nameOf(sampleOf(names.keys)))) {
      throw unsatisfied(`${member} must not have folders that are . or ..`);
    }
  } catch (error) {
    if (!(error instanceof NamesError)) throw error;
    if (error.message === prefixTooLong) throw unsatisfied(prefixTooLong);
    throw unsatisfied(
      `Invalid conversion character used in the value of the expression in ${member}: ${error.message}`,
    );
  }
}

/** An object as one may be called. */
function sampleOf(keys: CompiledNames['keys']): NameContext {
  const values = Object.fromEntries(keys.map(({ name }) => [name, 'key']));
  return {
    ...{ owner: { name: 'name', number: '1' }, streamName: 'stream', oldest: 0, random: '', index: 0 },
    ...{ extension: '', queryKeys: values, partitionKeys: values },
  };
}

const expressionForm = /^!\{([^:{}]*):[^{}]+\}/;
const namespaces = new Set(['timestamp', 'firehose', 'partitionKeyFromQuery', 'partitionKeyFromLambda']);

function* starts(prefix: string): Generator<number> {
  for (let at = prefix.indexOf('!{'); at !== -1; at = prefix.indexOf('!{', at + 2)) yield at;
}
