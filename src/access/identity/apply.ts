import { strict as assert } from 'node:assert';
import type { Draft } from '../../journal/state-machine.ts';
import { charactersOf } from './characters.ts';
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
 * A state to be changed by many edits: each of its maps is copied before the first of them that changes it.
 * An edit that deletes what is not there changes nothing.
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
        this.#remove(this.#keys(), edit.id);
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
        this.#remove(this.#mapIn(account, 'users'), keyOf(edit.from));
        this.#putUser(account, edit.user);
        this.#renameInKeys(account, keyOf(edit.from), keyOf(edit.user.name));
        break;
      case 'user-deleted':
        this.#remove(this.#mapIn(account, 'users'), keyOf(edit.name));
        this.#deleteKeysOf(account, keyOf(edit.name));
        break;
      case 'group-changed':
        this.#put(this.#mapIn(account, 'groups'), edit.group);
        break;
      case 'group-renamed':
        this.#remove(this.#mapIn(account, 'groups'), keyOf(edit.from));
        this.#put(this.#mapIn(account, 'groups'), edit.group);
        this.#renameInUsers(account, keyOf(edit.from), keyOf(edit.group.name));
        break;
      case 'group-deleted':
        this.#remove(this.#mapIn(account, 'groups'), keyOf(edit.name));
        this.#deleteInUsers(account, keyOf(edit.name));
        break;
      case 'role-changed':
        this.#put(this.#mapIn(account, 'roles'), edit.role);
        break;
      case 'role-deleted':
        this.#remove(this.#mapIn(account, 'roles'), keyOf(edit.name));
        break;
      case 'policy-changed':
        requireVersions(edit.policy);
        this.#put(this.#mapIn(account, 'policies'), edit.policy);
        break;
      case 'policy-deleted':
        this.#remove(this.#mapIn(account, 'policies'), keyOf(edit.name));
        break;
    }
  }

  #putUser(account: string, user: User): void {
    const groups = this.#state.accounts.get(account)?.groups;
    assert(
      user.groups.every((group) => groups?.has(group)),
      `the groups of the user ${user.name} are there`,
    );
    this.#put(this.#mapIn(account, 'users'), user);
  }

  #putKey(key: AccessKey): void {
    requireOwner(key, this.#state.accounts);
    this.#set(this.#keys(), key.id, key);
  }

  #renameInKeys(account: string, from: string, to: string): void {
    const accessKeys = this.#keys();
    for (const key of accessKeys.values()) {
      if (key.account !== account || key.user !== from) continue;
      this.#set(accessKeys, key.id, { ...key, user: to });
    }
  }

  #deleteKeysOf(account: string, user: string): void {
    const accessKeys = this.#keys();
    for (const key of accessKeys.values()) {
      if (key.account === account && key.user === user) this.#remove(accessKeys, key.id);
    }
  }

  #deleteInUsers(account: string, gone: string): void {
    const users = this.#mapIn(account, 'users');
    for (const [name, user] of users) {
      if (!user.groups.includes(gone)) continue;
      this.#set(users, name, { ...user, groups: user.groups.filter((group) => group !== gone) });
    }
  }

  #renameInUsers(account: string, from: string, to: string): void {
    const users = this.#mapIn(account, 'users');
    for (const [name, user] of users) {
      if (!user.groups.includes(from)) continue;
      const groups = user.groups.map((group) => (group === from ? to : group));
      this.#set(users, name, { ...user, groups });
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
      characters: charactersIn(accounts, accessKeys),
    };
  }

  #put<Thing extends Named>(things: Map<string, Thing>, thing: Thing): void {
    const key = keyOf(thing.name);
    const before = things.get(key);
    assert(before === undefined || before.id === thing.id, `the name ${thing.name} is taken by another`);
    this.#set(things, key, thing);
  }

  #set<Thing extends Named | AccessKey>(things: Map<string, Thing>, key: string, thing: Thing): void {
    const before = things.get(key);
    // In its place, so that what is changed on the way through a map does not come again at its end.
    things.set(key, thing);
    this.#count(charactersOf(thing) - (before === undefined ? 0 : charactersOf(before)));
  }

  #remove<Thing extends Named | AccessKey>(things: Map<string, Thing>, key: string): void {
    const before = things.get(key);
    if (before === undefined) return;
    things.delete(key);
    this.#count(-charactersOf(before));
  }

  #count(more: number): void {
    this.#state = { ...this.#state, characters: this.#state.characters + more };
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

function charactersIn(accounts: readonly AccountContents[], accessKeys: readonly AccessKey[]): number {
  let total = 0;
  for (const key of accessKeys) total += charactersOf(key);
  for (const { users, groups, roles, policies } of accounts) {
    for (const things of [users, groups, roles, policies])
      for (const one of things) total += charactersOf(one);
  }
  return total;
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
