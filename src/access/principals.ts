import { partitionOf } from '../kinesis/arn.ts';
import type { Caller, Principal } from './caller.ts';
import { userOf } from './identity/lookup.ts';
import type { AccessKey, IdentityState, User } from './identity/state.ts';
import { profileCaller } from './profile-caller.ts';
import type { OpenedSession } from './session.ts';
import type { Verified } from './sigv4/sigv4.ts';

/** The root user, or the user, that an access key belongs to; undefined when that user is gone. */
export function keyCaller(state: IdentityState, key: AccessKey, verified: Verified): Caller | undefined {
  if (key.user === null) return rootCaller(key.account, verified);
  const user = userOf(state, key);
  return user && userCaller(key.account, user, verified);
}

/** The root user of an account (IAM user guide, "IAM identifiers"). */
export function rootCaller(account: string, { accessKeyId, region }: Verified): Caller {
  const arn = `arn:${partitionOf(region)}:iam::${account}:root`;
  return { account, region, arn, userId: account, accessKeyId, principal: { kind: 'root' } };
}

export function userCaller(account: string, user: User, { accessKeyId, region }: Verified): Caller {
  const arn = `arn:${partitionOf(region)}:iam::${account}:user${user.path}${user.name}`;
  const principal: Principal = { kind: 'user', id: user.id, name: user.name };
  return { account, region, arn, userId: user.id, accessKeyId, principal };
}

/** Who acts in a session; undefined when the user is gone that it is of. */
export function sessionCaller(
  state: IdentityState,
  session: OpenedSession,
  verified: Verified,
): Caller | undefined {
  const { account, holder } = session;
  if (holder.kind === 'root') return rootCaller(account, verified);
  if (holder.kind === 'profile' || holder.kind === 'anyone') {
    return profileCaller(verified, account, holder.name, holder.kind);
  }
  const { kind, id, name } = holder;
  const principal: Principal = { kind, id, name, ...limitsOf(session) };
  if (kind === 'role') {
    const { region, accessKeyId } = verified;
    const arn = assumedRoleArn(account, name, holder.sessionName, region);
    return { account, region, arn, userId: `${id}:${holder.sessionName}`, accessKeyId, principal };
  }
  const user = state.accounts.get(account)?.users.get(name.toLowerCase());
  return user && { ...userCaller(account, user, verified), principal };
}

/** The name of a role's session (IAM user guide, "IAM identifiers"): the role's path is not in it. */
export function assumedRoleArn(account: string, role: string, session: string, region: string): string {
  return `arn:${partitionOf(region)}:sts::${account}:assumed-role/${role}/${session}`;
}

/**
 * Who calls where signatures are not verified: whom a session names, or else anyone, by the name that the
 * access key has in the state, or by that of the key itself in `account`.
 */
export function openCaller(
  state: IdentityState,
  verified: Verified,
  session: OpenedSession | undefined,
  account: string,
): Caller {
  const key = state.accessKeys.get(verified.accessKeyId);
  const known =
    session === undefined ? key && keyCaller(state, key, verified) : sessionCaller(state, session, verified);
  if (known === undefined) return profileCaller(verified, account, verified.accessKeyId, 'anyone');
  return session === undefined ? { ...known, principal: { kind: 'anyone' } } : known;
}

function limitsOf(session: OpenedSession) {
  const { policies, policyArns, tags, sourceIdentity, issuedAt } = session;
  return {
    ...(policies.length > 0 && { sessionPolicies: policies }),
    ...(policyArns.length > 0 && { sessionPolicyArns: policyArns }),
    ...(tags.length > 0 && { sessionTags: tags }),
    ...(sourceIdentity !== undefined && { sourceIdentity }),
    issuedAt,
  };
}
