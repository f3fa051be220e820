import type { Millis } from '../../env/clock.ts';
import type { Versioned } from '../../journal/state-machine.ts';

/** Accounts with their users, groups, roles and policies, as IAM knows them. Never changed in place. */
export type IdentityState = Versioned & {
  /** By account id. An account is there once something in it is. */
  readonly accounts: ReadonlyMap<string, Account>;
  /** All access keys, by their ids. */
  readonly accessKeys: ReadonlyMap<string, AccessKey>;
  /** What session tokens are made with, wrapped for `session-secret`; empty before it was made. */
  readonly sessionSecret: string;
  /** The length of all texts in accounts and access keys, kept so that room for more is known at once. */
  readonly characters: number;
};

/** Names are unique whatever their case: maps have them in lower case. */
export type Account = {
  readonly id: string;
  readonly users: ReadonlyMap<string, User>;
  readonly groups: ReadonlyMap<string, Group>;
  readonly roles: ReadonlyMap<string, Role>;
  /** Customer managed policies. */
  readonly policies: ReadonlyMap<string, ManagedPolicy>;
};

/** What all things of an account have. */
export type Named = {
  /** Unique over all that ever were: `AIDA…`, `AGPA…`, `AROA…`, `ANPA…`. */
  readonly id: string;
  readonly name: string;
  /** `/`, or `/division/`. */
  readonly path: string;
  readonly createdAt: Millis;
};

/** What policies are attached to. */
export type Identity = Named & {
  /** Sorted by name. */
  readonly inline: readonly InlinePolicy[];
  /**
   * ARNs of managed policies, AWS's own (`arn:aws:iam::aws:policy/…`) among them, of the partition `aws`.
   */
  readonly attached: readonly string[];
};

/** The document is as it was put. */
export type InlinePolicy = { readonly name: string; readonly document: string };

type Bounded = {
  /**
   * The ARN of the managed policy that is its permissions boundary, as `attached` has them; null without
   * one.
   */
  readonly boundary: string | null;
  /** Sorted by key. */
  readonly tags: readonly IdentityTag[];
};

export type IdentityTag = { readonly key: string; readonly value: string };

/** `groups` are names in lower case. */
export type User = Identity & Bounded & { readonly groups: readonly string[] };

export type Group = Identity;

export type Role = Identity &
  Bounded & {
    /** Its trust policy, as it was put. */
    readonly trust: string;
    readonly description: string;
    readonly sessionSecondsMax: number;
  };

export type ManagedPolicy = Named & {
  readonly description: string;
  readonly tags: readonly IdentityTag[];
  readonly versions: readonly PolicyVersion[];
  /** The version that counts: `v1`. */
  readonly defaultVersion: string;
  /** The number of the next version; numbers are never used again. */
  readonly nextVersion: number;
};

export type PolicyVersion = {
  readonly id: string;
  readonly document: string;
  readonly createdAt: Millis;
};

export type AccessKey = {
  /** `AKIA…` */
  readonly id: string;
  readonly account: string;
  /** The user's name in lower case; null for the account's root user. */
  readonly user: string | null;
  /** Wrapped by the root key, for `access-key/ID`. */
  readonly secret: string;
  readonly isActive: boolean;
  readonly createdAt: Millis;
};

/** How maps of an account have a name: names differ in more than their case. */
export function keyOf(name: string): string {
  return name.toLowerCase();
}

export const emptyIdentity: IdentityState = {
  version: 0,
  accounts: new Map(),
  accessKeys: new Map(),
  sessionSecret: '',
  characters: 0,
};
