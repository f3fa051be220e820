import type { Caller } from '../../../access/caller.ts';
import { accessKeysOf } from '../../../access/identity/lookup.ts';
import { keyOf, type User } from '../../../access/identity/state.ts';
import { uniqueId } from '../../../access/unique-id.ts';
import { list, required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { arnOf } from '../parts/arn.ts';
import { lastName, notUser } from '../parts/caller-user.ts';
import { mustFirst } from '../parts/conflict.ts';
import { contextOf, making } from '../parts/context.ts';
import { below, find, renaming, requireFree, requireOne, resourceOf, users } from '../parts/kind.ts';
import { pageOf } from '../parts/page.ts';
import { attachable, knownArn } from '../parts/policy.ts';
import {
  arn,
  existingUserName,
  newUserName,
  paged,
  paging,
  path,
  pathPrefix,
  tags,
  user,
} from '../parts/shapes.ts';
import { keptTags } from '../parts/tags.ts';
import { listedUser, viewUser } from '../parts/view.ts';

const createUser = operation({
  name: 'CreateUser',
  summary: 'Makes a user, who may do nothing yet.',
  input: structure('CreateUserRequest', {
    Path: path,
    UserName: required(newUserName),
    PermissionsBoundary: arn,
    Tags: tags,
  }),
  output: structure('CreateUserResponse', { User: user }),
  prepare: ({ identity, clock, random }, request, caller) => {
    const { Path = '/', UserName: name, PermissionsBoundary: boundary } = request;
    const tagged = keptTags(request.Tags);
    return {
      ...making('User', arnOf(caller, 'user', { path: Path, name }), tagged),
      context: contextOf({
        requestTags: tagged,
        boundary: boundary && knownArn(identity.state, caller, boundary),
      }),
      run: async () => {
        const { account } = caller;
        const made: Omit<User, 'boundary'> = {
          id: uniqueId('AIDA', random),
          name,
          path: Path,
          createdAt: clock.now(),
          inline: [],
          attached: [],
          tags: tagged,
          groups: [],
        };
        const state = await identity.commit((before) => {
          requireFree(before, account, users, name);
          const limit = boundary && attachable(before.accounts.get(account), boundary, 'Scope ARN:');
          return [{ kind: 'user-changed', account, user: { ...made, boundary: limit ?? null } }];
        });
        return { User: viewUser(requireOne(state, account, users, name), caller) };
      },
    };
  },
});

const getUser = operation({
  name: 'GetUser',
  summary: 'Tells of a user, or of the caller.',
  input: structure('GetUserRequest', { UserName: existingUserName }),
  output: structure('GetUserResponse', { User: required(user) }),
  prepare: (world, { UserName }, caller) => ({
    resource: UserName === undefined ? caller.arn : resourceOf(world, caller, users, UserName),
    run: async () => {
      const { state } = world.identity;
      const { account, principal } = caller;
      const name = UserName ?? (principal.kind === 'user' ? principal.name : undefined);
      if (name !== undefined) return { User: viewUser(requireOne(state, account, users, name), caller) };
      if (principal.kind === 'role') throw notUser();
      const found = principal.kind === 'root' ? undefined : find(state, account, users, lastName(caller.arn));
      return { User: found === undefined ? outsider(caller) : viewUser(found, caller) };
    },
  }),
});

/** The root user, and a profile of a credentials file, are in no list of users. Since when is not known. */
function outsider({ arn, userId, principal }: Caller) {
  const name = principal.kind === 'root' ? 'root' : lastName(arn);
  return { Path: '/', UserName: name, UserId: userId, Arn: arn, CreateDate: 0 };
}

const listUsers = operation({
  name: 'ListUsers',
  summary: 'Lists users by name, all or those below a path.',
  input: structure('ListUsersRequest', { PathPrefix: pathPrefix, ...paging }),
  output: structure('ListUsersResponse', { Users: required(list(user)), ...paged }),
  prepare: ({ identity }, { PathPrefix, ...page }, caller) => ({
    resource: '*',
    run: async () => {
      const all = below(identity.state, caller.account, users, PathPrefix);
      const { items, rest } = pageOf(all, ({ name }) => name, page);
      return { Users: items.map((one) => listedUser(one, caller)), ...rest };
    },
  }),
});

const updateUser = operation({
  name: 'UpdateUser',
  summary: 'Gives a user another name or path; its access keys, groups and policies stay its own.',
  input: structure('UpdateUserRequest', {
    UserName: required(existingUserName),
    NewPath: path,
    NewUserName: newUserName,
  }),
  output: undefined,
  prepare: (world, { UserName, NewPath, NewUserName }, caller) => ({
    ...renaming(world, caller, users, UserName, { path: NewPath, name: NewUserName }),
    run: async () => {
      const { account } = caller;
      await world.identity.commit((state) => {
        const before = requireOne(state, account, users, UserName);
        const name = NewUserName ?? before.name;
        if (keyOf(name) !== keyOf(before.name)) requireFree(state, account, users, name);
        const after = { ...before, name, path: NewPath ?? before.path };
        return [{ kind: 'user-renamed', account, from: before.name, user: after }];
      });
    },
  }),
});

const deleteUser = operation({
  name: 'DeleteUser',
  summary: 'Deletes a user who has no access keys, groups and policies any more.',
  input: structure('DeleteUserRequest', { UserName: required(existingUserName) }),
  output: undefined,
  prepare: (world, { UserName }, caller) => ({
    resource: resourceOf(world, caller, users, UserName),
    run: async () => {
      const { account } = caller;
      await world.identity.commit((state) => {
        const { name, groups, attached, inline } = requireOne(state, account, users, UserName);
        if (groups.length > 0) throw mustFirst('remove users from group');
        if (accessKeysOf(state, account, name).length > 0) throw mustFirst('delete access keys');
        if (attached.length > 0) throw mustFirst('detach all policies');
        if (inline.length > 0) throw mustFirst('delete policies');
        return [{ kind: 'user-deleted', account, name }];
      });
    },
  }),
});

export const userOperations = [createUser, getUser, listUsers, updateUser, deleteUser];
