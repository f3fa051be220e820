import { compilePolicy } from '../../../access/policy/compiled-policy.ts';
import { PolicyError, readPolicy, type StatementDocument } from '../../../access/policy/policy-document.ts';
import { isPrincipal } from '../../../access/policy/principals.ts';
import { matchesWildcard } from '../../../access/policy/wildcard.ts';
import type { ServiceError } from '../../../wire/service-error.ts';
import { invalidArgument } from '../errors.ts';
import type { Guarded } from './resource.ts';

/** The actions that a stream's policy may grant (developer guide, "Sharing your data stream"). */
export const streamActions: ReadonlySet<string> = new Set([
  'kinesis:DescribeStream',
  'kinesis:DescribeStreamSummary',
  'kinesis:GetRecords',
  'kinesis:GetShardIterator',
  'kinesis:ListShards',
  'kinesis:PutRecord',
  'kinesis:PutRecords',
]);

/** The same of a consumer's. */
export const consumerActions: ReadonlySet<string> = new Set([
  'kinesis:DescribeStreamConsumer',
  'kinesis:SubscribeToShard',
]);

/**
 * Refuses what cannot be a policy of this resource: text that is no policy, a principal that cannot be, an
 * action or a resource that is not this resource's, and operators, keys and variables of conditions that are
 * not known. The InvalidArgumentException says which.
 */
export function checkPolicyForm(text: string, { consumer }: Pick<Guarded, 'consumer'>, arn: string): void {
  const actions = consumer === undefined ? streamActions : consumerActions;
  try {
    for (const each of readPolicy(text, 'resource').statements) checkStatement(each, actions, arn);
    const [unknown] = compilePolicy(text, 'resource').unknown;
    if (unknown !== undefined) throw invalid(`the ${unknown.kind} ${unknown.name} is not known`);
  } catch (error) {
    if (error instanceof PolicyError) throw invalid(error.message);
    throw error;
  }
}

function checkStatement(statement: StatementDocument, allowed: ReadonlySet<string>, arn: string): void {
  const { principals, actions, resources } = statement;
  const stranger = principals!.principals.find(({ type, name }) => !isPrincipal(type, name));
  if (stranger !== undefined) throw invalid(`there is no principal ${stranger.name}`);
  const foreign = named(actions).find((pattern) => !isGrantable(pattern, allowed));
  if (foreign !== undefined) throw invalid(`action ${foreign} cannot be granted on ${arn}`);
  const other = named(resources!).find((pattern) => !matchesWildcard(pattern, arn));
  if (other !== undefined) throw invalid(`resource ${other} is not ${arn}`);
}

/** What a statement names; empty when it names what it does not apply to. */
function named({ isNegated, names }: StatementDocument['actions']): readonly string[] {
  return isNegated ? [] : names;
}

/** The case of an action does not matter. */
function isGrantable(pattern: string, actions: ReadonlySet<string>): boolean {
  const wanted = pattern.toLowerCase();
  return [...actions].some((action) => matchesWildcard(wanted, action.toLowerCase()));
}

function invalid(reason: string): ServiceError {
  return invalidArgument(`The policy is not valid: ${reason}.`);
}
