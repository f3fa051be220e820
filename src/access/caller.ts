import type { Millis } from '../env/clock.ts';
import type { HttpRequest } from '../env/network.ts';
import type { HeaderFields } from '../http/headers.ts';

/** A caller, as the request's signature proved it. Plain data: it crosses threads. */
export type Caller = {
  readonly account: string;
  /** The region that the request was signed for. */
  readonly region: string;
  /**
   * As policies and messages name the caller: `arn:aws:iam::ACCOUNT:user/PATH/NAME`,
   * `arn:aws:iam::ACCOUNT:root`, or `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`.
   */
  readonly arn: string;
  /** As STS answers it: `AIDA…`, the account of a root user, or `AROA…:SESSION`. */
  readonly userId: string;
  readonly accessKeyId: string;
  /** What the client says that it is (User-Agent), of those who need not prove who they are. */
  readonly agent?: string;
  readonly principal: Principal;
};

/** How a caller is shown to those who look who puts and reads. */
export function shownName({ agent, arn }: Caller): string {
  return agent ?? arn;
}

/** Where a caller's permissions come from. */
export type Principal =
  /**
   * Everything in its account is allowed to it: the root user, a profile of a credentials file, and anyone
   * where signatures are not verified.
   */
  | { readonly kind: 'root' | 'profile' | 'anyone' }
  /** A user, by its unique id (`AIDA…`) and its name. */
  | ({ readonly kind: 'user'; readonly id: string; readonly name: string } & SessionLimits)
  /** A session of a role, by the role's unique id (`AROA…`) and its name. */
  | ({ readonly kind: 'role'; readonly id: string; readonly name: string } & SessionLimits);

export type SessionTag = {
  readonly key: string;
  readonly value: string;
  /** Sessions that are made by this one have it as well. */
  readonly isTransitive?: boolean;
};

/** What a session narrows; absent for a user's own access key. */
type SessionLimits = {
  /** Session policies, as they were passed: what they do not allow is not allowed. */
  readonly sessionPolicies?: readonly string[];
  /** The ARNs of managed policies that were passed in the same role. */
  readonly sessionPolicyArns?: readonly string[];
  readonly sessionTags?: readonly SessionTag[];
  /** Whom the session was made for in the first place, as its maker said. */
  readonly sourceIdentity?: string;
  /** When the session's credentials were made. */
  readonly issuedAt?: Millis;
};

/**
 * The caller that signed a request for one of these services; throws the `ServiceError` that AWS would
 * answer. `headers` are the request's, `sha256` the hash of its body in hex, where it is known already.
 */
export type Authenticate = (
  request: HttpRequest,
  headers: HeaderFields,
  now: Millis,
  services: readonly string[],
  sha256?: string,
) => Caller;
