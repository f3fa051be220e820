import type { Caller } from '../../../access/caller.ts';
import { accessKeysOf } from '../../../access/identity/lookup.ts';
import { type AccessKey, type IdentityState, keyOf } from '../../../access/identity/state.ts';
import { list, required, string, structure, timestamp } from '../../../wire/shape.ts';
import { deleteConflict, invalidInput, noSuchEntity } from '../errors.ts';
import { operation } from '../operation.ts';
import { lastName, userMeant } from '../parts/caller-user.ts';
import { find, requireOne, resourceOf, users } from '../parts/kind.ts';
import { pageOf } from '../parts/page.ts';
import { accessKeyId, existingUserName, paged, paging } from '../parts/shapes.ts';
import { newSecret, uniqueId } from '../parts/unique-id.ts';
import { wholeSecond } from '../parts/view.ts';
import type { IamWorld } from '../world.ts';

/** In the order in which AWS's validation text lists them. */
const status = string({ values: ['Active', 'Inactive', 'Expired'] });

const createAccessKey = operation({
  name: 'CreateAccessKey',
  summary: 'Makes an access key for a user, or for the caller. Its secret is told this once.',
  input: structure('CreateAccessKeyRequest', { UserName: existingUserName }),
  output: structure('CreateAccessKeyResponse', {
    AccessKey: required(
      structure('AccessKey', {
        UserName: required(string()),
        AccessKeyId: required(string()),
        Status: required(status),
        SecretAccessKey: required(string()),
        CreateDate: timestamp(),
      }),
    ),
  }),
  prepare: (world, { UserName }, caller) => ({
    resource: resourceMeant(world, UserName, caller),
    run: async () => {
      const { identity, rootKey, clock, random } = world;
      const { account } = caller;
      const id = uniqueId('AKIA', random);
      const secret = newSecret(random);
      const wrapped = rootKey.wrap(Buffer.from(secret), `access-key/${id}`);
      const key = { id, account, secret: wrapped, isActive: true, createdAt: clock.now() };
      const state = await identity.commit((before) => {
        const name = ownerMeant(before, UserName, caller);
        return [{ kind: 'access-key-changed', key: { ...key, user: name && keyOf(name) } }];
      });
      return { AccessKey: { ...viewKey(state, state.accessKeys.get(id)!), SecretAccessKey: secret } };
    },
  }),
});

const listAccessKeys = operation({
  name: 'ListAccessKeys',
  summary: 'Lists the access keys of a user, or of the caller, without their secrets.',
  input: structure('ListAccessKeysRequest', { UserName: existingUserName, ...paging }),
  output: structure('ListAccessKeysResponse', {
    AccessKeyMetadata: required(
      list(
        structure('AccessKeyMetadata', {
          UserName: string(),
          AccessKeyId: string(),
          Status: status,
          CreateDate: timestamp(),
        }),
      ),
    ),
    ...paged,
  }),
  prepare: (world, { UserName, ...page }, caller) => ({
    resource: resourceMeant(world, UserName, caller),
    run: async () => {
      const { state } = world.identity;
      const keys = accessKeysOf(state, caller.account, ownerMeant(state, UserName, caller));
      const { items, rest } = pageOf(keys, ({ id }) => id, page);
      return { AccessKeyMetadata: items.map((key) => viewKey(state, key)), ...rest };
    },
  }),
});

const updateAccessKey = operation({
  name: 'UpdateAccessKey',
  summary: 'Has an access key sign no more requests, or sign them again.',
  input: structure('UpdateAccessKeyRequest', {
    UserName: existingUserName,
    AccessKeyId: required(accessKeyId),
    Status: required(status),
  }),
  output: undefined,
  prepare: (world, { UserName, AccessKeyId, Status }, caller) => ({
    resource: resourceMeant(world, UserName, caller),
    run: async () => {
      if (Status === 'Expired') throw invalidInput('The status of an access key is Active or Inactive.');
      await world.identity.commit((state) => {
        const key = requireKey(state, UserName, AccessKeyId, caller);
        return [{ kind: 'access-key-changed', key: { ...key, isActive: Status === 'Active' } }];
      });
    },
  }),
});

const deleteAccessKey = operation({
  name: 'DeleteAccessKey',
  summary: 'Deletes an access key of a user, or of the caller.',
  input: structure('DeleteAccessKeyRequest', {
    UserName: existingUserName,
    AccessKeyId: required(accessKeyId),
  }),
  output: undefined,
  prepare: (world, { UserName, AccessKeyId }, caller) => ({
    resource: resourceMeant(world, UserName, caller),
    run: async () => {
      await world.identity.commit((state) => {
        const { id, user } = requireKey(state, UserName, AccessKeyId, caller);
        if (user === null) requireOtherKey(state, caller.account);
        return [{ kind: 'access-key-deleted', id }];
      });
    },
  }),
});

const getAccessKeyLastUsed = operation({
  name: 'GetAccessKeyLastUsed',
  summary:
    'Tells whose an access key is, and when it last signed a request, if that is known since the start.',
  input: structure('GetAccessKeyLastUsedRequest', { AccessKeyId: required(accessKeyId) }),
  output: structure('GetAccessKeyLastUsedResponse', {
    UserName: string(),
    AccessKeyLastUsed: structure('AccessKeyLastUsed', {
      LastUsedDate: timestamp(),
      ServiceName: required(string()),
      Region: required(string()),
    }),
  }),
  prepare: (world, { AccessKeyId }, caller) => {
    const ownKey = (state: IdentityState) => {
      const key = state.accessKeys.get(AccessKeyId);
      return key?.account === caller.account ? key : undefined;
    };
    const owner = ownKey(world.identity.state)?.user ?? undefined;
    return {
      resource: owner === undefined ? '*' : resourceOf(world, caller, users, owner),
      run: async () => {
        const { state } = world.identity;
        const key = ownKey(state);
        if (key === undefined) throw noKey(AccessKeyId);
        const used = world.lastUse?.(AccessKeyId);
        return {
          UserName: userNameOf(state, key),
          AccessKeyLastUsed: {
            LastUsedDate: used && wholeSecond(used.at),
            ServiceName: used?.service ?? 'N/A',
            Region: used?.region ?? 'N/A',
          },
        };
      },
    };
  },
});

/** The user that a request means, who must be there; null is the root user. */
function ownerMeant(state: IdentityState, named: string | undefined, caller: Caller): string | null {
  const name = userMeant(state, named, caller);
  return name === null ? null : requireOne(state, caller.account, users, name).name;
}

function resourceMeant(world: IamWorld, named: string | undefined, caller: Caller): string {
  if (named === undefined && caller.principal.kind === 'root') return caller.arn;
  return resourceOf(world, caller, users, named ?? lastName(caller.arn));
}

/** NoSuchEntity when the key is not that user's. */
function requireKey(state: IdentityState, named: string | undefined, id: string, caller: Caller): AccessKey {
  const owner = ownerMeant(state, named, caller);
  const key = accessKeysOf(state, caller.account, owner).find((one) => one.id === id);
  if (key === undefined) throw noKey(id);
  return key;
}

/** It is by a root user's key that the next start knows to verify signatures, be it an inactive one. */
function requireOtherKey(state: IdentityState, account: string): void {
  if (accessKeysOf(state, account, null).length > 1) return;
  throw deleteConflict(
    'Cannot delete the last access key of the root user: without one, a server that is started on loopback ' +
      'verifies no signatures. Make it inactive instead.',
  );
}

function noKey(id: string) {
  return noSuchEntity(`The Access Key with id ${id} cannot be found.`);
}

function viewKey(state: IdentityState, key: AccessKey) {
  return {
    UserName: userNameOf(state, key),
    AccessKeyId: key.id,
    Status: key.isActive ? ('Active' as const) : ('Inactive' as const),
    CreateDate: wholeSecond(key.createdAt),
  };
}

function userNameOf(state: IdentityState, { account, user }: AccessKey): string {
  return user === null ? 'root' : find(state, account, users, user)!.name;
}

export const accessKeyOperations = [
  createAccessKey,
  listAccessKeys,
  updateAccessKey,
  deleteAccessKey,
  getAccessKeyLastUsed,
];
