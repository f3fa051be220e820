import { compilePolicy } from '../../../access/policy/compiled-policy.ts';
import { PolicyError, readPolicy } from '../../../access/policy/policy-document.ts';
import { isPrincipal } from '../../../access/policy/principals.ts';
import { malformedPolicy } from '../errors.ts';

/**
 * MalformedPolicyDocument for what cannot be a policy of a user, group or role, or a role's trust policy. A
 * condition key that is not known here may stay, for it may be another service's: a Deny with it denies, and
 * an Allow does not allow.
 */
export function checkPolicy(document: string, kind: 'identity' | 'trust'): void {
  // What clients may send of Latin-1 is more than a policy may have; the shape looks at ASCII only.
  if (!allowed.test(document)) throw malformedPolicy('Syntax errors in policy.');
  try {
    const { unknown } = compilePolicy(document, kind);
    if (kind === 'trust') requirePrincipals(document);
    const operator = unknown.find((one) => one.kind === 'condition operator');
    if (operator !== undefined) throw malformedPolicy(`Invalid Condition type : ${operator.name}.`);
  } catch (error) {
    if (error instanceof PolicyError) throw malformedPolicy(textOf(error.message));
    throw error;
  }
}

/** A denial of one that nobody is called would deny nothing. */
function requirePrincipals(document: string): void {
  const named = readPolicy(document, 'trust').statements.flatMap(
    ({ principals }) => principals?.principals ?? [],
  );
  const wrong = named.find(({ type, name }) => !isPrincipal(type, name));
  if (wrong === undefined) return;
  throw malformedPolicy(`Invalid principal in policy: "${wrong.type}":"${wrong.name}"`);
}

/** IAM API reference, PolicyDocument, "The regex pattern used to validate this parameter". */
const allowed = /^[\t\n\r\u0020-\u00ff]+$/;

/** AWS's texts, where there is one for what is wrong. */
function textOf(reason: string): string {
  const text = texts.find(([part]) => reason.includes(part))?.[1];
  return text ?? `Syntax errors in policy. ${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`;
}

const texts: readonly (readonly [reason: string, text: string])[] = [
  ['not JSON', 'This policy contains invalid Json'],
  ['has no Action', 'Policy statement must contain actions.'],
  ['has no Resource', 'Policy statement must contain resources.'],
  ['has no Principal', 'Missing required field Principal'],
  ['has a Principal', 'Policy document should not specify a principal.'],
  ['has a Resource', 'Has prohibited field Resource'],
];
