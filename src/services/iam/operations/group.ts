import { type Group, type IdentityState, keyOf, type User } from '../../../access/identity/state.ts';
import { uniqueId } from '../../../access/unique-id.ts';
import { list, required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { arnOf } from '../parts/arn.ts';
import { mustFirst } from '../parts/conflict.ts';
import { below, groups, renaming, requireFree, requireOne, resourceOf } from '../parts/kind.ts';
import { pageOf } from '../parts/page.ts';
import { group, groupName, paged, paging, path, pathPrefix, user } from '../parts/shapes.ts';
import { listedUser, viewGroup } from '../parts/view.ts';

const createGroup = operation({
  name: 'CreateGroup',
  summary: 'Makes a group, which gives its users the permissions of its policies.',
  input: structure('CreateGroupRequest', { Path: path, GroupName: required(groupName) }),
  output: structure('CreateGroupResponse', { Group: required(group) }),
  prepare: ({ identity, clock, random }, { Path = '/', GroupName: name }, caller) => ({
    resource: arnOf(caller, 'group', { path: Path, name }),
    run: async () => {
      const { account } = caller;
      const made: Group = {
        id: uniqueId('AGPA', random),
        name,
        path: Path,
        createdAt: clock.now(),
        inline: [],
        attached: [],
      };
      await identity.commit((state) => {
        requireFree(state, account, groups, name);
        return [{ kind: 'group-changed', account, group: made }];
      });
      return { Group: viewGroup(made, caller) };
    },
  }),
});

const getGroup = operation({
  name: 'GetGroup',
  summary: 'Tells of a group, and lists its users.',
  input: structure('GetGroupRequest', { GroupName: required(groupName), ...paging }),
  output: structure('GetGroupResponse', {
    Group: required(group),
    Users: required(list(user)),
    ...paged,
  }),
  prepare: (world, { GroupName, ...page }, caller) => ({
    resource: resourceOf(world, caller, groups, GroupName),
    run: async () => {
      const { state } = world.identity;
      const found = requireOne(state, caller.account, groups, GroupName);
      const { items, rest } = pageOf(membersOf(state, caller.account, found), ({ name }) => name, page);
      return { Group: viewGroup(found, caller), Users: items.map((one) => listedUser(one, caller)), ...rest };
    },
  }),
});

const listGroups = operation({
  name: 'ListGroups',
  summary: 'Lists groups by name, all or those below a path.',
  input: structure('ListGroupsRequest', { PathPrefix: pathPrefix, ...paging }),
  output: structure('ListGroupsResponse', { Groups: required(list(group)), ...paged }),
  prepare: ({ identity }, { PathPrefix, ...page }, caller) => ({
    resource: '*',
    run: async () => {
      const all = below(identity.state, caller.account, groups, PathPrefix);
      const { items, rest } = pageOf(all, ({ name }) => name, page);
      return { Groups: items.map((one) => viewGroup(one, caller)), ...rest };
    },
  }),
});

const updateGroup = operation({
  name: 'UpdateGroup',
  summary: 'Gives a group another name or path; its users and policies stay its own.',
  input: structure('UpdateGroupRequest', {
    GroupName: required(groupName),
    NewPath: path,
    NewGroupName: groupName,
  }),
  output: undefined,
  prepare: (world, { GroupName, NewPath, NewGroupName }, caller) => ({
    ...renaming(world, caller, groups, GroupName, { path: NewPath, name: NewGroupName }),
    run: async () => {
      const { account } = caller;
      await world.identity.commit((state) => {
        const before = requireOne(state, account, groups, GroupName);
        const name = NewGroupName ?? before.name;
        if (keyOf(name) !== keyOf(before.name)) requireFree(state, account, groups, name);
        const after = { ...before, name, path: NewPath ?? before.path };
        return [{ kind: 'group-renamed', account, from: before.name, group: after }];
      });
    },
  }),
});

const deleteGroup = operation({
  name: 'DeleteGroup',
  summary: 'Deletes a group that has no users and policies any more.',
  input: structure('DeleteGroupRequest', { GroupName: required(groupName) }),
  output: undefined,
  prepare: (world, { GroupName }, caller) => ({
    resource: resourceOf(world, caller, groups, GroupName),
    run: async () => {
      const { account } = caller;
      await world.identity.commit((state) => {
        const found = requireOne(state, account, groups, GroupName);
        if (membersOf(state, account, found).length > 0) throw mustFirst('remove users from group');
        if (found.attached.length > 0) throw mustFirst('detach all policies');
        if (found.inline.length > 0) throw mustFirst('delete policies');
        return [{ kind: 'group-deleted', account, name: found.name }];
      });
    },
  }),
});

function membersOf(state: IdentityState, account: string, { name }: Group): User[] {
  const key = keyOf(name);
  const users = state.accounts.get(account)?.users.values() ?? [];
  return [...users].filter((one) => one.groups.includes(key));
}

export const groupOperations = [createGroup, getGroup, listGroups, updateGroup, deleteGroup];
