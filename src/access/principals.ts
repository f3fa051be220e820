import type { Caller, Principal } from './caller.ts';
import { userOf } from './identity/lookup.ts';
import type { AccessKey, IdentityState, User } from './identity/state.ts';
import { profileCaller } from './profile-caller.ts';
import type { OpenedSession } from './session.ts';
import type { Verified } from './sigv4/sigv4.ts';

/**
 * A request whose signature was verified. `partition` is that of all ARNs of users, roles and root users,
 * whatever region a request is signed for: with two ARNs, a caller could choose which one policies see.
 */
export type Signed = Verified & { readonly partition: string };

/** The root user, or the user, that an access key belongs to; undefined when that user is gone. */
export function keyCaller(state: IdentityState, key: AccessKey, signed: Signed): Caller | undefined {
  if (key.user === null) return rootCaller(key.account, signed);
  const user = userOf(state, key);
  return user && userCaller(key.account, user, signed);
}

/** The root user of an account (IAM user guide, "IAM identifiers"). */
export function rootCaller(account: string, { accessKeyId, region, partition }: Signed): Caller {
  const arn = `arn:${partition}:iam::${account}:root`;
  return { account, region, arn, userId: account, accessKeyId, principal: { kind: 'root' } };
}

export function userCaller(account: string, user: User, signed: Signed): Caller {
  const { accessKeyId, region, partition } = signed;
  const arn = `arn:${partition}:iam::${account}:user${user.path}${user.name}`;
  const principal: Principal = { kind: 'user', id: user.id, name: user.name };
  return { account, region, arn, userId: user.id, accessKeyId, principal };
}

/** Who acts in a session; undefined when the user is gone that it is of. */
export function sessionCaller(
  state: IdentityState,
  session: OpenedSession,
  signed: Signed,
): Caller | undefined {
  const { account, holder } = session;
  if (holder.kind === 'root') return rootCaller(account, signed);
  if (holder.kind === 'profile' || holder.kind === 'anyone') {
    return profileCaller(signed, account, holder.name, holder.kind);
  }
  const { kind, id, name } = holder;
  const principal: Principal = { kind, id, name, ...limitsOf(session) };
  if (kind === 'role') {
    const { region, accessKeyId, partition } = signed;
    const arn = assumedRoleArn(account, name, holder.sessionName, partition);
    return { account, region, arn, userId: `${id}:${holder.sessionName}`, accessKeyId, principal };
  }
  const user = state.accounts.get(account)?.users.get(name.toLowerCase());
  return user && { ...userCaller(account, user, signed), principal };
}

/** The name of a role's session (IAM user guide, "IAM identifiers"): the role's path is not in it. */
export function assumedRoleArn(account: string, role: string, session: string, partition: string): string {
  return `arn:${partition}:sts::${account}:assumed-role/${role}/${session}`;
}

/**
 * Who calls where signatures are not verified: whom a session names, or else anyone, by the name that the
 * access key has in the state, or by that of the key itself in `account`.
 */
export function openCaller(
  state: IdentityState,
  signed: Signed,
  session: OpenedSession | undefined,
  account: string,
): Caller {
  const key = state.accessKeys.get(signed.accessKeyId);
  const known =
    session === undefined ? key && keyCaller(state, key, signed) : sessionCaller(state, session, signed);
  if (known === undefined) return profileCaller(signed, account, signed.accessKeyId, 'anyone');
  return session === undefined ? { ...known, principal: { kind: 'anyone' } } : known;
}

function limitsOf({ policies, policyArns, tags, issuedAt }: OpenedSession) {
  return {
    ...(policies.length > 0 && { sessionPolicies: policies }),
    ...(policyArns.length > 0 && { sessionPolicyArns: policyArns }),
    ...(tags.length > 0 && { sessionTags: tags }),
    issuedAt,
  };
}
