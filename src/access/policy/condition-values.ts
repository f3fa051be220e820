import type { Millis } from '../../env/clock.ts';
import { type Access, contextOf, type RequestContext } from './access.ts';
import type { ValuesOf } from './policy-variables.ts';
import type { CallerNames } from './principals.ts';

/** What condition keys say of the one who calls, the same for all of its requests. */
export type CallerValues = {
  readonly names: CallerNames;
  /** Undefined for a role and a root user. */
  readonly userName: string | undefined;
  /** `Account`, `User` or `AssumedRole`. */
  readonly type: string;
  /** Those of the user or role, and those of the session, which win. */
  readonly tags: readonly Tag[];
};

type Tag = { readonly key: string; readonly value: string };

/**
 * The condition keys of a request (IAM user guide, "AWS global condition context keys"): those that its
 * operation names, and those that all requests have. Each is worked out when it is asked for.
 */
export function valuesOf(access: Access, caller: CallerValues, now: Millis): ValuesOf {
  let context: RequestContext | undefined;
  return (key) => {
    context ??= contextOf(access);
    const own = context?.get(key);
    if (own !== undefined) return own;
    const read = readers.get(key);
    if (read !== undefined) return listOf(read(access, caller, now));
    const slash = key.indexOf('/') + 1;
    if (slash === 0) return undefined;
    const tag = key.slice(slash);
    switch (key.slice(0, slash)) {
      case 'aws:principaltag/':
        return tagged(caller.tags, tag);
      case 'aws:resourcetag/':
      case 'iam:resourcetag/':
        return tagged(access.facts?.tags ?? [], tag);
      default:
        return undefined;
    }
  };
}

type Reader = (access: Access, caller: CallerValues, now: Millis) => string | undefined;

const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['aws:sourceip', ({ peer }) => peer.address],
  ['aws:securetransport', ({ peer }) => String(peer.secure)],
  ['aws:sourcevpce', ({ peer }) => peer.vpce],
  ['aws:currenttime', (_, __, now) => new Date(now).toISOString()],
  ['aws:epochtime', (_, __, now) => String(Math.floor(now / 1000))],
  ['aws:principalarn', (_, { names }) => names.roleArn ?? names.arn],
  ['aws:principalaccount', (_, { names }) => names.account],
  ['aws:principaltype', (_, { type }) => type],
  ['aws:username', (_, { userName }) => userName],
  ['aws:userid', ({ caller }) => caller.userId],
  ['aws:tokenissuetime', ({ caller }) => issueTimeOf(caller.principal)],
  // Nobody has a second factor here: of long-term keys AWS does not say so, of sessions it does.
  ['aws:multifactorauthpresent', ({ caller }) => issueTimeOf(caller.principal) && 'false'],
  ['aws:sourceidentity', ({ caller }) => sourceIdentityOf(caller.principal)],
  ['aws:requestedregion', ({ caller }) => caller.region],
  ['aws:resourceaccount', ({ resource, caller }) => accountIn(resource) ?? caller.account],
  ['aws:viaawsservice', () => 'false'],
  ['aws:principalisawsservice', () => 'false'],
]);

function issueTimeOf(principal: Access['caller']['principal']): string | undefined {
  const issuedAt = 'issuedAt' in principal ? principal.issuedAt : undefined;
  return issuedAt === undefined ? undefined : new Date(issuedAt).toISOString();
}

function sourceIdentityOf(principal: Access['caller']['principal']): string | undefined {
  return 'sourceIdentity' in principal ? principal.sourceIdentity : undefined;
}

function listOf(value: string | undefined): readonly string[] | undefined {
  return value === undefined || value === '' ? undefined : [value];
}

/** The case of a tag's key does not matter to conditions. */
function tagged(tags: readonly Tag[], key: string): readonly string[] | undefined {
  const found = tags.filter((tag) => tag.key.toLowerCase() === key);
  return found.length === 0 ? undefined : found.map(({ value }) => value);
}

/** The account in an ARN, between its fourth and fifth colon; undefined in `*`. */
export function accountIn(resource: string): string | undefined {
  let at = -1;
  for (let colons = 0; colons < 4; colons++) {
    at = resource.indexOf(':', at + 1);
    if (at === -1) return undefined;
  }
  return resource.slice(at + 1, resource.indexOf(':', at + 1));
}
