import { Bounded } from '../env/bounded.ts';
import type { Clock, Millis } from '../env/clock.ts';
import type { HttpHead, Recognize } from '../env/network.ts';
import { type HeaderFields, queryOf } from '../http/headers.ts';
import { isRegion } from '../kinesis/arn.ts';
import { ServiceError } from '../wire/service-error.ts';
import { AgentCallers } from './agent-callers.ts';
import type { Authenticate, Caller } from './caller.ts';
import { CertificateUsers } from './certificate-users.ts';
import { parseCredentials } from './credentials.ts';
import type { IdentityState } from './identity/state.ts';
import { type KeysWorld, KnownKeys } from './known-keys.ts';
import { openCaller, userCaller } from './principals.ts';
import type { OpenedSession, Sessions } from './session.ts';
import { tokenExpired, tokenInvalid } from './sigv4/errors.ts';
import { createGlance, createVerifier, type Glance, type Verified } from './sigv4/sigv4.ts';

/** What decides which callers are let in. */
export type GateRules = {
  /** Whether signatures are verified: otherwise they only have to be well-formed. */
  readonly isSigned: boolean;
  /** The text of a credentials file; undefined without one. */
  readonly credentials: string | undefined;
  /** The only region served; undefined serves whichever region a request is signed for. */
  readonly region: string | undefined;
  /** For profiles and callers that name none. */
  readonly account: string;
};

export type GateWorld = KeysWorld & { readonly clock: Clock };

/** The gate of a server: decides which callers get in. The profiles may change while it runs. */
export class Gate {
  readonly #rules: GateRules;
  readonly #world: GateWorld;
  readonly #scopes: Scopes;
  #checks: Checks;

  /**
   * `served` are the services that are served, as signatures name them; `unsigned` are those of them that
   * need no signature where none is verified.
   */
  constructor(
    rules: GateRules,
    world: GateWorld,
    served: readonly string[],
    unsigned: readonly string[] = [],
  ) {
    this.#rules = rules;
    this.#world = world;
    this.#scopes = { served, unsigned };
    this.#checks = checksFor(rules, world, this.#scopes);
  }

  /** Whether callers have to prove who they are. */
  get isSigned(): boolean {
    return this.#rules.isSigned;
  }

  /** What sessions are made with now. */
  get sessions(): Sessions {
    return this.#world.sessions();
  }

  readonly authenticate: Authenticate = (request, headers, now, services, sha256) =>
    this.#checks.authenticate(request, headers, now, services, sha256);

  readonly recognize: Recognize = (head) => this.#checks.glance(head, this.#world.clock.now());

  /** From the next request on, the profiles are those in this text of a credentials file. */
  admit(credentials: string): void {
    this.#checks = checksFor({ ...this.#rules, credentials }, this.#world, this.#scopes);
  }
}

type Scopes = { readonly served: readonly string[]; readonly unsigned: readonly string[] };

type Checks = { readonly authenticate: Authenticate; readonly glance: Glance };

function checksFor(rules: GateRules, world: GateWorld, scopes: Scopes): Checks {
  return rules.isSigned ? signedChecks(rules, world, scopes.served) : openChecks(rules, world, scopes);
}

/** Signatures are verified, and name the caller; so may the certificate of the connection. */
function signedChecks(rules: GateRules, world: GateWorld, services: readonly string[]): Checks {
  const { credentials, region, account } = rules;
  const { identity } = world;
  const profiles = credentials === undefined ? [] : parseCredentials(credentials);
  const keys = new KnownKeys(profiles, account, world);
  const regions = region === undefined ? undefined : [region];
  const verify = createVerifier({ keys, regions });
  const readClaim = createVerifier({ regions });
  const callers = new Callers(identity);
  const users = new CertificateUsers(identity, account);
  const certified = new Callers(identity);

  const bySignature: Authenticate = (request, headers, now, scopes, sha256) => {
    const verified = verify(request, headers, now, scopes, sha256);
    const caller = callers.of(verified, () =>
      keys.find(verified.accessKeyId, verified.sessionToken)?.callerOf(verified),
    );
    // A key of a user that is gone.
    if (caller === undefined) throw tokenInvalid();
    return caller;
  };
  const authenticate: Authenticate = (request, headers, now, scopes, sha256) => {
    const { certificate } = request.peer;
    const named = certificate === undefined ? undefined : users.named(certificate);
    if (named === undefined) return bySignature(request, headers, now, scopes, sha256);
    const claimed = readClaim(request, headers, now, scopes);
    if (keys.find(claimed.accessKeyId, claimed.sessionToken) === undefined) {
      const verified = { ...claimed, accessKeyId: '' };
      return certified.of({ ...claimed, accessKeyId: named.user.id }, () =>
        userCaller(named.account, named.user, verified),
      );
    }
    const caller = bySignature(request, headers, now, scopes, sha256);
    if (caller.principal.kind === 'user' && caller.principal.id === named.user.id) return caller;
    throw new ServiceError(
      'AccessDeniedException',
      "The certificate of the connection names another user than the request's signature.",
    );
  };
  return { authenticate, glance: createGlance({ keys, regions, services }) };
}

/**
 * Signatures only have to be well-formed. A session, or an access key, that is known still says whom the
 * caller means to be.
 */
function openChecks({ region, account }: GateRules, world: GateWorld, { served, unsigned }: Scopes): Checks {
  const { identity, sessions } = world;
  const regions = region === undefined ? undefined : [region];
  const verify = createVerifier({ regions });
  const callers = new Callers(identity);
  const callerOf = (verified: Verified, now: Millis): Caller => {
    const { accessKeyId, sessionToken } = verified;
    const session = sessionToken === undefined ? undefined : sessions().open(accessKeyId, sessionToken);
    if (session !== undefined && session.expiresAt <= now) throw tokenExpired();
    return callers.of(verified, () => openCaller(identity.state, verified, session, account), session);
  };
  const agents = new AgentCallers();
  const authenticate: Authenticate = (request, headers, now, scopes) => {
    const isFree = scopes.some((scope) => unsigned.includes(scope)) && isUnsigned(request, headers);
    const verified = isFree ? anyoneIn(region, request, scopes[0]!) : verify(request, headers, now, scopes);
    return agents.of(callerOf(verified, now), headers.get('user-agent'));
  };
  return { authenticate, glance: createGlance({ regions, services: served }) };
}

/** Whether nothing of a request claims to be signed. */
function isUnsigned({ target }: HttpHead, headers: HeaderFields): boolean {
  return (
    headers.get('authorization') === undefined &&
    !queryOf(target).some(([name]) => name.toLowerCase() === 'x-amz-algorithm')
  );
}

/** Who names no key, and the region only in the query if at all. */
function anyoneIn(region: string | undefined, { target }: HttpHead, service: string): Verified {
  const asked = queryOf(target).find(([name]) => name === 'region')?.[1] ?? '';
  return { accessKeyId: 'anonymous', region: region ?? (isRegion(asked) ? asked : usualRegion), service };
}

/** Where AWS's SDKs and tools look when they are told nothing else. */
const usualRegion = 'us-east-1';

/** What follows from an access key, a region and a state is worked out once. */
class Callers {
  readonly #identity: { readonly state: IdentityState };
  #state: IdentityState | undefined;
  #known = new Bounded<string, Caller>(callersMax);

  constructor(identity: { readonly state: IdentityState }) {
    this.#identity = identity;
  }

  /** `session` is given where an access key may be used with its session, and without. */
  of<Found extends Caller | undefined>(
    { region, accessKeyId }: Verified,
    make: () => Found,
    session?: OpenedSession,
  ): Caller | Found {
    const { state } = this.#identity;
    if (state !== this.#state) {
      this.#state = state;
      this.#known = new Bounded(callersMax);
    }
    const name = `${region}/${accessKeyId}${session === undefined ? '' : '/session'}`;
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const caller = make();
    if (caller !== undefined) this.#known.set(name, caller);
    return caller;
  }
}

const callersMax = 10_000;
