import type { Caller } from '../../access/caller.ts';
import { type SessionHolder, type Sessions, temporaryPrefix } from '../../access/session.ts';
import { presignedTarget } from '../../access/sigv4/presign.ts';
import type { Clock } from '../../env/clock.ts';
import type { OpenedLambda } from '../../services/lambda/world.ts';

type UrlWorld = {
  readonly clock: Pick<Clock, 'now'>;
  readonly sessions: () => Sessions;
  readonly isSigned: boolean;
  /** This server's; undefined where it has no port. */
  readonly url: string | undefined;
};

/**
 * URLs that are signed with a session of the caller, whose secret nobody is told: what has one can do what it
 * says, for ten minutes, and nothing else.
 */
export function signedUrls({ clock, sessions, isSigned, url }: UrlWorld): OpenedLambda['signedUrl'] {
  return (caller, target) => {
    const holder = holderOf(caller);
    if (url === undefined || holder === undefined) return undefined;
    const { account, region } = caller;
    const now = clock.now();
    const life = { issuedAt: now, expiresAt: now + seconds * 1000 };
    const limits = { policies: [], policyArns: [], tags: [] };
    const credentials = sessions().issue({ account, holder, ...limits, ...life, isProved: isSigned });
    if (credentials === undefined) return undefined;
    const scope = { region, service: 'lambda' };
    return url + presignedTarget(target, new URL(url).host, credentials, scope, { now, seconds });
  };
}

/** As long as AWS's (Lambda API reference, FunctionCodeLocation). */
const seconds = 600;

/** Undefined for a session of a profile: it does not say whose. */
function holderOf({ accessKeyId, arn, userId, principal }: Caller): SessionHolder | undefined {
  const { kind } = principal;
  if (kind === 'root') return { kind };
  if (kind === 'user') return { kind, id: principal.id, name: principal.name };
  if (kind === 'role') {
    return { kind, id: principal.id, name: principal.name, sessionName: userId.split(':')[1] ?? '' };
  }
  const name = arn.slice(arn.indexOf(':user/') + ':user/'.length);
  if (kind === 'anyone') return { kind, name };
  return accessKeyId.startsWith(temporaryPrefix) ? undefined : { kind, name, accessKeyId };
}
