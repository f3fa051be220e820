import type { ServiceError } from '../../../wire/service-error.ts';
import { invalidArgument } from '../errors.ts';
import type { Resource } from './resource.ts';
import { matchesWildcard } from './wildcard.ts';

/** The operations that a resource policy may grant (developer guide, "Sharing your data stream"). */
const streamActions = [
  'DescribeStream',
  'DescribeStreamSummary',
  'GetRecords',
  'GetShardIterator',
  'ListShards',
  'PutRecord',
  'PutRecords',
];
const consumerActions = ['DescribeStreamConsumer', 'SubscribeToShard'];

/**
 * Refuses what cannot be a policy of this resource: text that is not JSON, no statements, an effect other
 * than Allow or Deny, a statement without a principal, an action or a resource, or with an action or a
 * resource that is not this resource's. The InvalidArgumentException says which.
 */
export function checkPolicyForm(text: string, { consumer }: Resource, arn: string): void {
  const policy = parse(text);
  if (!isObject(policy)) throw invalid('it is not a JSON object');
  const { Version: version, Statement: statement } = policy;
  if (version !== undefined && version !== '2012-10-17' && version !== '2008-10-17') {
    throw invalid('its Version is neither 2012-10-17 nor 2008-10-17');
  }
  const statements = Array.isArray(statement) ? statement : [statement];
  if (statements.length === 0) throw invalid('it has no Statement');
  const actions = consumer === undefined ? streamActions : consumerActions;
  for (const each of statements) checkStatement(each, actions, arn);
}

function checkStatement(statement: unknown, actions: readonly string[], arn: string): void {
  if (!isObject(statement)) throw invalid('a Statement is not an object');
  const { Effect: effect, Principal, NotPrincipal } = statement;
  if (effect !== 'Allow' && effect !== 'Deny') throw invalid('an Effect is neither Allow nor Deny');
  if (Principal === undefined && NotPrincipal === undefined) throw invalid('a Statement has no Principal');
  const foreign = named(statement, 'Action').find((pattern) => !isGrantable(pattern, actions));
  if (foreign !== undefined) throw invalid(`action ${foreign} cannot be granted on ${arn}`);
  const other = named(statement, 'Resource').find((pattern) => !matchesWildcard(pattern, arn));
  if (other !== undefined) throw invalid(`resource ${other} is not ${arn}`);
}

/** What a statement names; empty when it names what it does not apply to. */
function named(statement: Readonly<Record<string, unknown>>, element: 'Action' | 'Resource'): string[] {
  const names = strings(statement[element]);
  const others = strings(statement[`Not${element}`]);
  if (names.length === 0 && others.length === 0) throw invalid(`a Statement has no ${element}`);
  return names;
}

/** The case of an action does not matter. */
function isGrantable(pattern: string, actions: readonly string[]): boolean {
  const wanted = pattern.toLowerCase();
  return actions.some((name) => matchesWildcard(wanted, `kinesis:${name}`.toLowerCase()));
}

function strings(value: unknown): string[] {
  const values = Array.isArray(value) ? value : value === undefined ? [] : [value];
  if (values.every((each) => typeof each === 'string')) return values;
  throw invalid('an Action or a Resource is not a string');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('it is not JSON'); // SyntaxError: the only error that JSON.parse has.
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(reason: string): ServiceError {
  return invalidArgument(`The policy is not valid: ${reason}.`);
}
