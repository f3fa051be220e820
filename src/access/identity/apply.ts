import { strict as assert } from 'node:assert';
import type { Draft } from '../../journal/state-machine.ts';
import type { AccountContents, IdentityEdit } from './edit.ts';
import {
  type AccessKey,
  type Account,
  type Group,
  type IdentityState,
  keyOf,
  type ManagedPolicy,
  type Named,
  type Role,
  type User,
} from './state.ts';

/**
 * A state to be changed by many edits: each of its maps is copied before the first of them that changes it. An
 * edit that deletes what is not there changes nothing.
 */
export class IdentityDraft implements Draft<IdentityState, IdentityEdit> {
  #state: IdentityState;
  /** Copies of the state's maps, once there was something to change. */
  #accounts: Map<string, Account> | undefined;
  #accessKeys: Map<string, AccessKey> | undefined;
  /** Copies of maps in accounts. */
  readonly #own = new Map<string, Partial<OwnMaps>>();

  constructor(state: IdentityState) {
    this.#state = state;
  }

  get state(): IdentityState {
    return this.#state;
  }

  apply(edit: IdentityEdit): void {
    switch (edit.kind) {
      case 'session-secret-made':
        this.#state = { ...this.#state, sessionSecret: edit.secret };
        break;
      case 'access-key-changed':
        this.#putKey(edit.key);
        break;
      case 'access-key-deleted':
        this.#keys().delete(edit.id);
        break;
      case 'snapshot':
        this.#restore(edit);
        break;
      default:
        this.#applyIn(edit.account, edit);
    }
  }

  finish(version: number): IdentityState {
    this.#accounts = undefined;
    this.#accessKeys = undefined;
    this.#own.clear();
    this.#state = { ...this.#state, version };
    return this.#state;
  }

  #applyIn(account: string, edit: AccountEdit): void {
    switch (edit.kind) {
      case 'user-changed':
        this.#putUser(account, edit.user);
        break;
      case 'user-renamed':
        this.#mapIn(account, 'users').delete(keyOf(edit.from));
        this.#putUser(account, edit.user);
        this.#renameInKeys(account, keyOf(edit.from), keyOf(edit.user.name));
        break;
      case 'user-deleted':
        this.#mapIn(account, 'users').delete(keyOf(edit.name));
        break;
      case 'group-changed':
        put(this.#mapIn(account, 'groups'), edit.group);
        break;
      case 'group-renamed':
        this.#mapIn(account, 'groups').delete(keyOf(edit.from));
        put(this.#mapIn(account, 'groups'), edit.group);
        this.#renameInUsers(account, keyOf(edit.from), keyOf(edit.group.name));
        break;
      case 'group-deleted':
        this.#mapIn(account, 'groups').delete(keyOf(edit.name));
        break;
      case 'role-changed':
        put(this.#mapIn(account, 'roles'), edit.role);
        break;
      case 'role-deleted':
        this.#mapIn(account, 'roles').delete(keyOf(edit.name));
        break;
      case 'policy-changed':
        requireVersions(edit.policy);
        put(this.#mapIn(account, 'policies'), edit.policy);
        break;
      case 'policy-deleted':
        this.#mapIn(account, 'policies').delete(keyOf(edit.name));
        break;
    }
  }

  #putUser(account: string, user: User): void {
    const groups = this.#state.accounts.get(account)?.groups;
    assert(
      user.groups.every((group) => groups?.has(group)),
      `the groups of the user ${user.name} are there`,
    );
    put(this.#mapIn(account, 'users'), user);
  }

  #putKey(key: AccessKey): void {
    requireOwner(key, this.#state.accounts);
    this.#keys().set(key.id, key);
  }

  #renameInKeys(account: string, from: string, to: string): void {
    const accessKeys = this.#keys();
    for (const key of accessKeys.values()) {
      if (key.account === account && key.user === from) accessKeys.set(key.id, { ...key, user: to });
    }
  }

  #renameInUsers(account: string, from: string, to: string): void {
    const users = this.#mapIn(account, 'users');
    for (const [name, user] of users) {
      if (!user.groups.includes(from)) continue;
      users.set(name, { ...user, groups: user.groups.map((group) => (group === from ? to : group)) });
    }
  }

  #restore({ sessionSecret, accounts, accessKeys }: Extract<IdentityEdit, { kind: 'snapshot' }>): void {
    this.#own.clear();
    this.#accounts = new Map(accounts.map((contents) => [contents.id, accountOf(contents)]));
    for (const key of accessKeys) requireOwner(key, this.#accounts);
    this.#accessKeys = new Map(accessKeys.map((key) => [key.id, key]));
    this.#state = {
      ...this.#state,
      sessionSecret,
      accounts: this.#accounts,
      accessKeys: this.#accessKeys,
    };
  }

  #keys(): Map<string, AccessKey> {
    if (this.#accessKeys === undefined) {
      this.#accessKeys = new Map(this.#state.accessKeys);
      this.#state = { ...this.#state, accessKeys: this.#accessKeys };
    }
    return this.#accessKeys;
  }

  /** A map of an account that may be changed. The account is made when there is none. */
  #mapIn<Name extends keyof OwnMaps>(id: string, name: Name): OwnMaps[Name] {
    let own = this.#own.get(id);
    if (own === undefined) {
      own = {};
      this.#own.set(id, own);
    }
    const copied = own[name];
    if (copied !== undefined) return copied as OwnMaps[Name];
    if (this.#accounts === undefined) {
      this.#accounts = new Map(this.#state.accounts);
      this.#state = { ...this.#state, accounts: this.#accounts };
    }
    const account = this.#accounts.get(id) ?? emptyAccount(id);
    const copy = new Map<string, Named>(account[name]) as OwnMaps[Name];
    own[name] = copy;
    this.#accounts.set(id, { ...account, [name]: copy });
    return copy;
  }
}

type AccountEdit = Extract<IdentityEdit, { readonly account: string }>;

type OwnMaps = {
  readonly users: Map<string, User>;
  readonly groups: Map<string, Group>;
  readonly roles: Map<string, Role>;
  readonly policies: Map<string, ManagedPolicy>;
};

function emptyAccount(id: string): Account {
  return { id, users: new Map(), groups: new Map(), roles: new Map(), policies: new Map() };
}

function put<Thing extends Named>(things: Map<string, Thing>, thing: Thing): void {
  const key = keyOf(thing.name);
  const before = things.get(key);
  assert(before === undefined || before.id === thing.id, `the name ${thing.name} is taken by another`);
  things.set(key, thing);
}

function requireOwner({ id, account, user }: AccessKey, accounts: IdentityState['accounts']): void {
  assert(
    user === null || accounts.get(account)?.users.has(user),
    `the user of the access key ${id} is there`,
  );
}

function requireVersions({ name, versions, defaultVersion }: ManagedPolicy): void {
  assert(
    versions.some(({ id }) => id === defaultVersion),
    `the policy ${name} has its default version`,
  );
}

function accountOf({ id, users, groups, roles, policies }: AccountContents): Account {
  for (const policy of policies) requireVersions(policy);
  return {
    id,
    users: byName(users),
    groups: byName(groups),
    roles: byName(roles),
    policies: byName(policies),
  };
}

function byName<Thing extends Named>(things: readonly Thing[]): ReadonlyMap<string, Thing> {
  return new Map(things.map((thing) => [keyOf(thing.name), thing]));
}
