import type { Caller } from '../caller.ts';
import { awsPolicy, emptyDocument } from './aws-policies.ts';
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

export function roleNamed({ accounts }: IdentityState, account: string, name: string): Role | undefined {
  return accounts.get(account)?.roles.get(keyOf(name));
}

type Who = Pick<Caller, 'account' | 'principal'>;

/**
 * The user or role that a caller's permissions come from; undefined when it has none of its own, or it is gone:
 * one that was made again under its name is another.
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

/** The policies that count for a user or a role. Documents are as they were put. */
export type PrincipalDocuments = {
  /** Its own, inline and attached, and those of its groups. */
  readonly documents: readonly PolicyDocument[];
  /** Undefined without a permissions boundary. */
  readonly boundary: PolicyDocument | undefined;
};

/** `name` is an inline policy's name, or a managed one's ARN. */
export type PolicyDocument = { readonly name: string; readonly document: string };

/** Undefined for a caller whose permissions do not come from policies, and for one that is gone. */
export function documentsOf(state: IdentityState, caller: Who): PrincipalDocuments | undefined {
  const identity = identityOf(state, caller);
  const account = state.accounts.get(caller.account);
  if (identity === undefined || account === undefined) return undefined;
  const holders = 'groups' in identity ? [identity, ...groupsOf(account, identity)] : [identity];
  const documents = holders.flatMap(({ inline, attached }) => [
    ...inline,
    ...attached.map((arn) => documentIn(account, arn)),
  ]);
  const boundary = identity.boundary === null ? undefined : documentIn(account, identity.boundary);
  return { documents, boundary };
}

function groupsOf({ groups }: Account, user: User) {
  return user.groups.flatMap((name) => groups.get(name) ?? []);
}

function documentIn(account: Account, arn: string): PolicyDocument {
  return { name: arn, document: managedDocument(account, arn) ?? emptyDocument };
}

/** The document that counts of a managed policy, which is the account's own or AWS's; undefined when there is none. */
export function managedDocument(account: Account | undefined, arn: string): string | undefined {
  const own = account && managedPolicy(account, arn);
  return own === undefined ? awsPolicy(arn)?.document : defaultDocument(own);
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

export function defaultDocument({ versions, defaultVersion }: ManagedPolicy): string {
  return versions.find(({ id }) => id === defaultVersion)!.document;
}
