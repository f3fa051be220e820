import type { Caller } from '../../../access/caller.ts';
import { formatKeyArn } from '../../../access/keys/key-arn.ts';
import type { KmsKey } from '../../../access/keys/state.ts';
import { compilePolicy } from '../../../access/policy/compiled-policy.ts';
import { PolicyError, readPolicy } from '../../../access/policy/policy-document.ts';
import { isPrincipal } from '../../../access/policy/principals.ts';
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
  try {
    for (const { principals } of readPolicy(text, 'resource').statements) {
      if (principals!.principals.every(({ type, name }) => isPrincipal(type, name))) continue;
      throw malformed('Policy contains a statement with one or more invalid principals.');
    }
    const [unknown] = compilePolicy(text, 'resource').unknown;
    if (unknown !== undefined) throw malformed(`The ${unknown.kind} ${unknown.name} is not known.`);
  } catch (error) {
    if (error instanceof PolicyError) throw malformed(`The policy is not valid: ${error.message}.`);
    throw error;
  }
}

/** 32 KB (developer guide, "Resource quotas"). */
const policyCharactersMax = 32 * 1024;
/** `PolicyType` in the API reference: tabs, line ends, and Latin-1. */
const allowed = /^[\t\n\r\u0020-\u00ff]*$/;

function malformed(message: string): ServiceError {
  return kmsError('MalformedPolicyDocumentException', message);
}
