import type { Caller } from '../../access/caller.ts';
import type { Session, SessionHolder, Sessions } from '../../access/session.ts';
import { presignedTarget } from '../../access/sigv4/presign.ts';
import type { Clock } from '../../env/clock.ts';

export type SignedUrlWorld = {
  readonly clock: Pick<Clock, 'now'>;
  readonly sessions: () => Sessions;
  readonly isSigned: boolean;
  /** Where clients reach the server; undefined where that is not known. */
  readonly url: string | undefined;
};

/**
 * A URL at which a caller may do what it may for ten minutes, as AWS's links to the code of functions are good
 * for (API reference, "FunctionCodeLocation"). Undefined where it is not known how clients reach the server.
 */
export function signedUrl(
  { clock, sessions, isSigned, url }: SignedUrlWorld,
  caller: Caller,
  target: string,
): string | undefined {
  if (url === undefined) return undefined;
  const issuedAt = clock.now();
  const expiresAt = issuedAt + seconds * 1000;
  const { account, region } = caller;
  const session = { account, issuedAt, expiresAt, isProved: isSigned, ...holding(caller) };
  const credentials = sessions().issue(session);
  if (credentials === undefined) return undefined;
  const { host } = new URL(url);
  const scope = { region, service: 'lambda' };
  return `${url}${presignedTarget({ target, host, credentials, scope, seconds }, issuedAt)}`;
}

const seconds = 600;

type Holding = Pick<Session, 'holder' | 'policies' | 'policyArns' | 'tags' | 'sourceIdentity'>;

/** The rights of a caller, with all that narrows them. */
function holding({ principal, arn, accessKeyId }: Caller): Holding {
  const none = { policies: [], policyArns: [], tags: [] };
  if (principal.kind === 'root') return { ...none, holder: { kind: 'root' } };
  if (principal.kind === 'anyone' || principal.kind === 'profile') {
    const name = arn.slice(arn.indexOf(':user/') + ':user/'.length);
    const { kind } = principal;
    return { ...none, holder: kind === 'anyone' ? { kind, name } : { kind, name, accessKeyId } };
  }
  const { sessionPolicies = [], sessionPolicyArns = [], sessionTags = [], sourceIdentity } = principal;
  return {
    holder: holderOf(principal, arn),
    ...{ policies: sessionPolicies, policyArns: sessionPolicyArns, tags: sessionTags, sourceIdentity },
  };
}

function holderOf(
  { kind, id, name }: Extract<Caller['principal'], { kind: 'user' | 'role' }>,
  arn: string,
): SessionHolder {
  if (kind === 'user') return { kind, id, name };
  return { kind, id, name, sessionName: arn.slice(arn.lastIndexOf('/') + 1) };
}
