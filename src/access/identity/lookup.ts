import type { Caller } from '../caller.ts';
import {
  type AccessKey,
  type Account,
  type IdentityState,
  keyOf,
  type ManagedPolicy,
  type Role,
  type User,
} from './state.ts';

/** The user that an access key belongs to; undefined for a root user's key. */
export function userOf({ accounts }: IdentityState, { account, user }: AccessKey): User | undefined {
  return user === null ? undefined : accounts.get(account)?.users.get(user);
}

export function accessKeysOf(
  { accessKeys }: IdentityState,
  account: string,
  user: string | null,
): AccessKey[] {
  const key = user === null ? null : keyOf(user);
  return [...accessKeys.values()].filter((one) => one.account === account && one.user === key);
}

type Who = Pick<Caller, 'account' | 'principal'>;

/**
 * The user or role that a caller's permissions come from; undefined when it has none of its own, or it is
 * gone: one that was made again under its name is another.
 */
export function identityOf(
  { accounts }: IdentityState,
  { account, principal }: Who,
): User | Role | undefined {
  if (principal.kind !== 'user' && principal.kind !== 'role') return undefined;
  const found = accounts
    .get(account)
    ?.[principal.kind === 'user' ? 'users' : 'roles'].get(keyOf(principal.name));
  return found?.id === principal.id ? found : undefined;
}

/** The customer managed policy with an ARN, of whichever partition; undefined when the account has none. */
export function managedPolicy({ id, policies }: Account, arn: string): ManagedPolicy | undefined {
  const named = policyNamed(arn);
  if (named?.owner !== id) return undefined;
  const found = policies.get(keyOf(named.name));
  return found?.path === named.path ? found : undefined;
}

/** An ARN of a managed policy, taken apart; the owner is an account, or `aws`. */
export function policyNamed(
  arn: string,
): { readonly owner: string; readonly path: string; readonly name: string } | undefined {
  const [, owner, path, name] = policyArn.exec(arn) ?? [];
  return owner === undefined ? undefined : { owner, path: path!, name: name! };
}

const policyArn = /^arn:aws[a-z-]*:iam::(\d{12}|aws):policy(\/|\/[!-~]+\/)([\w+=,.@-]+)$/;
