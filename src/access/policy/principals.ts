import { inOnePartition } from './one-partition.ts';
import type { ListedPrincipals } from './policy-document.ts';

/** A caller, in all the ways in which policies name it. */
export type CallerNames = {
  readonly account: string;
  /** As `Caller` has it, in the partition `aws`: a user's, a root user's or a session's. */
  readonly arn: string;
  /** Of the role whose session the caller is; undefined for anyone else. */
  readonly roleArn: string | undefined;
  /** `AIDA…` or `AROA…`, as policies name a user or a role; undefined for a root user or a profile. */
  readonly id: string | undefined;
};

/**
 * By which of its names a policy names a caller, the farthest-reaching first: a session on its own is bound
 * by nothing but denials, a user also by its session's policies, a role also by its boundary; what is
 * granted to everyone or to an account is granted to no one in particular.
 */
export type Naming = 'session' | 'user' | 'role' | 'everyone' | 'account';

/** How a list of principals names a caller; undefined when it does not. */
export type PrincipalTest = (caller: CallerNames) => Naming | undefined;

/** The test of a Principal or a NotPrincipal. Services and federated identities do not call here. */
export function principalTestOf(listed: ListedPrincipals, effect: 'Allow' | 'Deny'): PrincipalTest {
  const ofAws = listed.principals.filter(({ type }) => type === 'AWS');
  const names = new Set(ofAws.map(({ name }) => rootForm.exec(name)?.[1] ?? inOnePartition(name)));
  return listed.isNegated ? exceptions(names, effect) : (caller) => namingOf(names, caller);
}

function namingOf(names: ReadonlySet<string>, caller: CallerNames): Naming | undefined {
  const { arn, roleArn, id, account } = caller;
  if (names.has(arn) && arn !== roleArn) return roleArn === undefined ? 'user' : 'session';
  if (id !== undefined && names.has(id)) return roleArn === undefined ? 'user' : 'role';
  if (roleArn !== undefined && names.has(roleArn)) return 'role';
  if (names.has('*')) return 'everyone';
  return names.has(account) ? 'account' : undefined;
}

/**
 * A denial of all but some reaches everyone who is not named in all of its ways, the account among them; a
 * permission for all but some reaches nobody who is named in any of them (IAM user guide, "NotPrincipal").
 */
function exceptions(names: ReadonlySet<string>, effect: 'Allow' | 'Deny'): PrincipalTest {
  return (caller) => {
    const { arn, roleArn, id, account } = caller;
    if (names.has('*')) return undefined;
    const isRoleNamed = names.has(roleArn ?? '') || (roleArn !== undefined && names.has(id ?? ''));
    const isAccountNamed = names.has(account);
    const isIdNamed = roleArn === undefined && id !== undefined && names.has(id);
    const isOwnNamed = names.has(arn) || isIdNamed || (arn.endsWith(':root') && isAccountNamed);
    const isExcepted =
      effect === 'Deny'
        ? isOwnNamed && isAccountNamed && (roleArn === undefined || isRoleNamed)
        : isOwnNamed || isAccountNamed || isRoleNamed;
    return isExcepted ? undefined : 'everyone';
  };
}

/** The ARN of a root user stands for all of the account, as the account's id does. */
const rootForm = /^arn:aws[a-z-]*:iam::(\d{12}):root$/;

/** Whether a principal can be by its form: AWS's are `*`, an account's id, an ARN or a unique id. */
export function isPrincipal(type: string, name: string): boolean {
  return type === 'AWS' ? awsForm.test(name) : name !== '';
}

const awsForm = /^(\*|\d{12}|A(IDA|ROA)[A-Z2-7]{16,124}|arn:aws[a-z-]*:(iam|sts)::\d{12}:[\w+=,.@/-]+)$/;
