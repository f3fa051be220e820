import type { Caller } from '../../../access/caller.ts';
import { formatKeyArn } from '../../../access/keys/key-arn.ts';
import type { KmsKey } from '../../../access/keys/state.ts';
import { ServiceError } from '../../../wire/service-error.ts';
import { kmsError, limitExceeded, notFound } from '../errors.ts';
import type { KmsWorld } from '../world.ts';
import { callContext } from './call-context.ts';

/** A key has one policy, and this is its name. */
export const policyName = 'default';

export function requirePolicyName(name = policyName): void {
  if (name !== policyName) throw notFound('No such policy exists');
}

/**
 * Refuses what cannot be a key policy, and unless the caller waives it, a policy after which the caller could
 * not put another one.
 */
export function checkKeyPolicy(
  world: KmsWorld,
  key: KmsKey,
  policy: string,
  caller: Caller,
  bypass: boolean | undefined,
): void {
  checkForm(policy);
  if (bypass === true) return;
  try {
    world.authorizer.authorize({
      caller,
      action: 'kms:PutKeyPolicy',
      resource: formatKeyArn(key),
      peer: { address: '', secure: true, listener: '' },
      facts: { policy, tags: key.tags, isPolicyRequired: true },
      context: callContext(world.keys.state, { key }, caller, { bypass: false }),
    });
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw malformed('The new key policy will not allow you to update the key policy in the future.');
  }
}

function checkForm(text: string): void {
  if (text.length > policyCharactersMax) {
    throw limitExceeded(`A key policy can have at most ${policyCharactersMax} characters.`);
  }
  if (!allowed.test(text)) throw malformed('The policy has characters that are not allowed in one.');
  const policy = parse(text);
  if (!isObject(policy)) throw malformed('The policy is not a JSON object.');
  const { Version: version, Statement: statement } = policy;
  if (version !== undefined && version !== '2012-10-17' && version !== '2008-10-17') {
    throw malformed('The Version of the policy is neither 2012-10-17 nor 2008-10-17.');
  }
  const statements = Array.isArray(statement) ? statement : [statement];
  if (statements.length === 0) throw malformed('The policy has no Statement.');
  for (const each of statements) checkStatement(each);
}

function checkStatement(statement: unknown): void {
  if (!isObject(statement)) throw malformed('A Statement of the policy is not an object.');
  const { Effect: effect } = statement;
  if (effect !== 'Allow' && effect !== 'Deny') throw malformed('An Effect is neither Allow nor Deny.');
  for (const element of ['Principal', 'Action', 'Resource']) {
    if (statement[element] === undefined && statement[`Not${element}`] === undefined) {
      throw malformed(`A Statement of the policy has no ${element}.`);
    }
  }
}

/** 32 KB (developer guide, "Resource quotas"). */
const policyCharactersMax = 32 * 1024;
/** `PolicyType` in the API reference: tabs, line ends, and Latin-1. */
const allowed = /^[\t\n\r\u0020-\u00ff]*$/;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed('The policy is not JSON.'); // SyntaxError: the only error that JSON.parse has.
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function malformed(message: string): ServiceError {
  return kmsError('MalformedPolicyDocumentException', message);
}
