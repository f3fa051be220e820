import { malformedPolicy } from '../errors.ts';

/** MalformedPolicyDocument for what cannot be a policy of a user, group or role. */
export function checkIdentityPolicy(document: string): void {
  for (const statement of statementsIn(document)) {
    if ('Principal' in statement || 'NotPrincipal' in statement) {
      throw malformedPolicy('Policy document should not specify a principal.');
    }
    if (!('Action' in statement || 'NotAction' in statement)) {
      throw malformedPolicy('Policy statement must contain actions.');
    }
    if (!('Resource' in statement || 'NotResource' in statement)) {
      throw malformedPolicy('Policy statement must contain resources.');
    }
  }
}

/** MalformedPolicyDocument for what cannot be a role's trust policy. */
export function checkTrustPolicy(document: string): void {
  for (const statement of statementsIn(document)) {
    if ('Resource' in statement || 'NotResource' in statement) {
      throw malformedPolicy('Has prohibited field Resource');
    }
    if (!('Principal' in statement || 'NotPrincipal' in statement)) {
      throw malformedPolicy('Missing required field Principal');
    }
    if (!('Action' in statement || 'NotAction' in statement)) {
      throw malformedPolicy('Policy statement must contain actions.');
    }
  }
}

function statementsIn(document: string): object[] {
  const policy = parsed(document);
  if (!isObject(policy) || !('Statement' in policy)) throw malformedPolicy('Syntax errors in policy.');
  const statements = Array.isArray(policy.Statement) ? policy.Statement : [policy.Statement];
  if (!statements.every(isStatement)) throw malformedPolicy('Syntax errors in policy.');
  return statements;
}

function isStatement(value: unknown): value is object {
  return isObject(value) && 'Effect' in value && (value.Effect === 'Allow' || value.Effect === 'Deny');
}

function parsed(document: string): unknown {
  try {
    return JSON.parse(document);
  } catch (error) {
    if (error instanceof SyntaxError) throw malformedPolicy('This policy contains invalid Json');
    throw error;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
