import { PolicyError, readPolicy, type StatementDocument } from './policy-document.ts';
import { matcherOf } from './wildcard.ts';

/**
 * Whether a role's trust policy lets a service of AWS act as the role: `lambda.amazonaws.com`. A permission
 * with conditions does not count, because a service that acts for nobody has nothing to compare; a denial
 * with conditions does.
 */
export function trustsService(trust: string, service: string): boolean {
  let statements: readonly StatementDocument[];
  try {
    ({ statements } = readPolicy(trust, 'trust'));
  } catch (error) {
    if (error instanceof PolicyError) return false;
    throw error;
  }
  const about = statements.filter((each) => isOnAssuming(each) && names(each, service));
  const allows = about.some(({ effect, conditions }) => effect === 'Allow' && conditions.length === 0);
  return allows && !about.some(({ effect }) => effect === 'Deny');
}

function isOnAssuming({ actions: { names, isNegated } }: StatementDocument): boolean {
  return names.some((name) => matcherOf(name.toLowerCase())('sts:assumerole')) !== isNegated;
}

/** `NotPrincipal` is of use with a Deny alone, and then it is about all but what it names. */
function names({ principals, effect }: StatementDocument, service: string): boolean {
  if (principals === undefined) return false;
  const isNamed = principals.principals.some(
    ({ type, name }) => (type === 'Service' && name === service) || (type === 'AWS' && name === '*'),
  );
  return principals.isNegated ? effect === 'Deny' && !isNamed : isNamed;
}
