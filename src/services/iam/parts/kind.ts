import type { Caller } from '../../../access/caller.ts';
import type { IdentityEdit } from '../../../access/identity/edit.ts';
import {
  type Account,
  type Group,
  type Identity,
  type IdentityState,
  keyOf,
  type Role,
  type User,
} from '../../../access/identity/state.ts';
import type { Prepared } from '../../../rpc/operation.ts';
import { required, type StringShape } from '../../../wire/shape.ts';
import { entityAlreadyExists, noSuchEntity } from '../errors.ts';
import type { IamWorld } from '../world.ts';
import { arnOf } from './arn.ts';
import { existingUserName, groupName, newUserName, roleName } from './shapes.ts';

/** A kind of what has policies, with the words that operations, requests and messages have for it. */
export type Kind<Thing extends Identity = Identity> = {
  /** As operations are called: `PutUserPolicy`. */
  readonly noun: 'User' | 'Group' | 'Role';
  /** As ARNs and messages have it. */
  readonly word: 'user' | 'group' | 'role';
  /**
   * The member of requests that names one, and its shape; another one where managed policies are attached.
   */
  readonly member: string;
  readonly name: StringShape;
  readonly attachedName: StringShape;
  thingsOf(account: Account): ReadonlyMap<string, Thing>;
  /** The edit after which one looks like this. */
  changed(account: string, thing: Thing): IdentityEdit;
};

export const users: Kind<User> = {
  noun: 'User',
  word: 'user',
  member: 'UserName',
  name: existingUserName,
  attachedName: newUserName,
  thingsOf: ({ users }) => users,
  changed: (account, user) => ({ kind: 'user-changed', account, user }),
};

export const groups: Kind<Group> = {
  noun: 'Group',
  word: 'group',
  member: 'GroupName',
  name: groupName,
  attachedName: groupName,
  thingsOf: ({ groups }) => groups,
  changed: (account, group) => ({ kind: 'group-changed', account, group }),
};

export const roles: Kind<Role> = {
  noun: 'Role',
  word: 'role',
  member: 'RoleName',
  name: roleName,
  attachedName: roleName,
  thingsOf: ({ roles }) => roles,
  changed: (account, role) => ({ kind: 'role-changed', account, role }),
};

/** The member of a request that names one of a kind. Types do not know it: read it with `nameIn`. */
export function named({ member, name }: Kind, shape: StringShape = name): Record<never, never> {
  return { [member]: required(shape) };
}

/** The name of one of the kind in a valid request. */
export function nameIn(request: object, { member }: Kind): string {
  return String(Reflect.get(request, member));
}

export function find<Thing extends Identity>(
  state: IdentityState,
  account: string,
  kind: Kind<Thing>,
  name: string,
): Thing | undefined {
  const found = state.accounts.get(account);
  return found && kind.thingsOf(found).get(keyOf(name));
}

/** NoSuchEntity when the account has none of the name. */
export function requireOne<Thing extends Identity>(
  state: IdentityState,
  account: string,
  kind: Kind<Thing>,
  name: string,
): Thing {
  const thing = find(state, account, kind, name);
  if (thing === undefined) throw noSuchEntity(`The ${kind.word} with name ${name} cannot be found.`);
  return thing;
}

/** EntityAlreadyExists when the account has one of the name. */
export function requireFree(state: IdentityState, account: string, kind: Kind, name: string): void {
  if (find(state, account, kind, name) === undefined) return;
  throw entityAlreadyExists(`${kind.noun} with name ${name} already exists.`);
}

/** Those of an account whose path begins so. */
export function below<Thing extends Identity>(
  { accounts }: IdentityState,
  account: string,
  kind: Kind<Thing>,
  pathPrefix = '/',
): readonly Thing[] {
  const found = accounts.get(account);
  return found === undefined
    ? []
    : [...kind.thingsOf(found).values()].filter(({ path }) => path.startsWith(pathPrefix));
}

/** The ARN of one, for permissions: with its path, and its name as it was given when there is none. */
export function resourceOf({ identity }: IamWorld, caller: Caller, kind: Kind, name: string): string {
  const thing = find(identity.state, caller.account, kind, name);
  return arnOf(caller, kind.word, thing ?? { path: '/', name });
}

/**
 * What a change of one's name or path asks for: permission on what it is called, and on what it is to be
 * called (API reference, UpdateUser, UpdateGroup). Otherwise it could step into what others may do.
 */
export function renaming(
  world: IamWorld,
  caller: Caller,
  kind: Kind,
  name: string,
  to: { readonly path: string | undefined; readonly name: string | undefined },
): Pick<Prepared, 'resource' | 'permissions'> {
  const resource = resourceOf(world, caller, kind, name);
  const { path, name: own } = find(world.identity.state, caller.account, kind, name) ?? { path: '/', name };
  const renamed = arnOf(caller, kind.word, { path: to.path ?? path, name: to.name ?? own });
  const action = `iam:Update${kind.noun}`;
  return { resource, permissions: [resource, renamed].map((each) => ({ action, resource: each })) };
}

/** Has one changed. A change to the same thing is not journalled. */
export async function change<Thing extends Identity>(
  { identity }: IamWorld,
  { account }: Caller,
  kind: Kind<Thing>,
  name: string,
  changed: (thing: Thing, state: IdentityState) => Thing,
): Promise<void> {
  await identity.commit((state) => {
    const before = requireOne(state, account, kind, name);
    const after = changed(before, state);
    return after === before ? [] : [kind.changed(account, after)];
  });
}
