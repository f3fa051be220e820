import { conditionOf } from './condition.ts';
import { type PolicyDocument, PolicyError, readPolicy, type StatementDocument } from './policy-document.ts';
import { matcherOf } from './wildcard.ts';

/** What a service says of what it acts for, by condition key in lower case. */
export type ActsFor = ReadonlyMap<string, readonly string[]>;

/**
 * Whether a role's trust policy lets a service of AWS act as the role: `lambda.amazonaws.com`. Conditions are
 * compared with what it says that it acts for. Where it acts for nobody, it has nothing to compare: a
 * permission with conditions does not count then, and a denial with conditions does.
 */
export function trustsService(trust: string, service: string, actsFor?: ActsFor): boolean {
  let document: PolicyDocument;
  try {
    document = readPolicy(trust, 'trust');
  } catch (error) {
    if (error instanceof PolicyError) return false;
    throw error;
  }
  const { statements, version } = document;
  const about = statements.filter((each) => isOnAssuming(each) && names(each, service));
  const counting = about.filter((each) => holds(each, version === '2012-10-17', actsFor));
  return counting.some(isAllow) && counting.every(isAllow);
}

function isAllow({ effect }: StatementDocument): boolean {
  return effect === 'Allow';
}

/** What is not known in a condition keeps the service out. */
function holds(
  { effect, conditions }: StatementDocument,
  hasVariables: boolean,
  actsFor: ActsFor | undefined,
): boolean {
  if (conditions.length === 0) return true;
  if (actsFor === undefined) return effect === 'Deny';
  const isMet = conditionOf(conditions, { effect, hasVariables, unknown: [] });
  return isMet?.((key) => actsFor.get(key)) ?? true;
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
