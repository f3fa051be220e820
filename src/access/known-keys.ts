import type { Caller } from './caller.ts';
import type { Profile } from './credentials.ts';
import { identityOf } from './identity/lookup.ts';
import type { AccessKey, IdentityState } from './identity/state.ts';
import type { RootKey } from './keys/root-key.ts';
import { keyCaller, sessionCaller } from './principals.ts';
import { profileCaller } from './profile-caller.ts';
import type { OpenedSession, SessionHolder, Sessions } from './session.ts';
import type { Key, Keys, Verified } from './sigv4/sigv4.ts';

/** Where access keys are known from besides a credentials file. */
export type KeysWorld = {
  readonly identity: { readonly state: IdentityState };
  readonly rootKey: RootKey;
  /** Sessions as the server's secret of now makes them. */
  readonly sessions: () => Sessions;
};

/** A key that may sign, and who signs with it. */
type Known = Key & { callerOf(verified: Verified): Caller | undefined };

/**
 * The keys that may sign: profiles of a credentials file, active access keys of users and root users, and
 * sessions, each as long as that which it is of is there.
 */
export class KnownKeys implements Keys {
  readonly #profiles: ReadonlyMap<string, Known>;
  /** Account and name of each profile, by its access key. */
  readonly #holders: ReadonlyMap<string, { readonly account: string; readonly name: string }>;
  readonly #world: KeysWorld;
  /** What was found out about an access key or a session: one that changes is another object. */
  readonly #known = new WeakMap<AccessKey | OpenedSession, Known>();

  /** `account` is that of profiles that name none. */
  constructor(profiles: readonly Profile[], account: string, world: KeysWorld) {
    this.#profiles = new Map(profiles.map((each) => [each.accessKeyId, profileKey(each, account)]));
    this.#holders = new Map(
      profiles.map((each) => [each.accessKeyId, { account: each.account ?? account, name: each.name }]),
    );
    this.#world = world;
  }

  find(accessKeyId: string, sessionToken?: string): Known | undefined {
    return (
      this.#profiles.get(accessKeyId) ??
      this.#accessKey(accessKeyId) ??
      (sessionToken === undefined ? undefined : this.#session(accessKeyId, sessionToken))
    );
  }

  #accessKey(accessKeyId: string): Known | undefined {
    const { identity, rootKey } = this.#world;
    const key = identity.state.accessKeys.get(accessKeyId);
    if (key === undefined || !key.isActive) return undefined;
    let known = this.#known.get(key);
    if (known === undefined) {
      known = {
        secretAccessKey: rootKey.unwrap(key.secret, purposeOfAccessKey(key.id)).toString(),
        callerOf: (verified) => keyCaller(identity.state, key, verified),
      };
      this.#known.set(key, known);
    }
    return known;
  }

  #session(accessKeyId: string, sessionToken: string): Known | undefined {
    const { identity, sessions } = this.#world;
    const session = sessions().open(accessKeyId, sessionToken);
    if (session === undefined || !session.isProved || !this.#isThere(session)) return undefined;
    let known = this.#known.get(session);
    if (known === undefined) {
      const { secretAccessKey, expiresAt } = session;
      const callerOf = (verified: Verified) => sessionCaller(identity.state, session, verified);
      known = { secretAccessKey, sessionToken, expiresAt, callerOf };
      this.#known.set(session, known);
    }
    return known;
  }

  /** Whether the one whose rights a session has still has any. */
  #isThere({ account, holder }: OpenedSession): boolean {
    const { state } = this.#world.identity;
    switch (holder.kind) {
      case 'root':
        return [...state.accessKeys.values()].some((key) => key.user === null && key.account === account);
      case 'profile':
        return this.#isHolder(account, holder);
      case 'anyone':
        return false;
      default:
        return identityOf(state, { account, principal: holder }) !== undefined;
    }
  }

  #isHolder(account: string, { accessKeyId, name }: Extract<SessionHolder, { kind: 'profile' }>): boolean {
    const holder = this.#holders.get(accessKeyId);
    return holder?.account === account && holder.name === name;
  }
}

function profileKey(profile: Profile, ofOthers: string): Known {
  const account = profile.account ?? ofOthers;
  return { ...profile, callerOf: (verified) => profileCaller(verified, account, profile.name, 'profile') };
}

/** What the secret of an access key is wrapped for. */
export function purposeOfAccessKey(id: string): string {
  return `access-key/${id}`;
}
