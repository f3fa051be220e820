import { keyOf } from '../../../access/identity/state.ts';
import { list, required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { change, groups, requireOne, resourceOf, users } from '../parts/kind.ts';
import { pageOf } from '../parts/page.ts';
import { existingUserName, group, groupName, paged, paging } from '../parts/shapes.ts';
import { viewGroup } from '../parts/view.ts';

const addUserToGroup = operation({
  name: 'AddUserToGroup',
  summary: 'Adds a user to a group, whose permissions the user has from now on.',
  input: structure('AddUserToGroupRequest', {
    GroupName: required(groupName),
    UserName: required(existingUserName),
  }),
  output: undefined,
  prepare: (world, { GroupName, UserName }, caller) => ({
    resource: resourceOf(world, caller, groups, GroupName),
    run: async () => {
      const key = keyOf(GroupName);
      await change(world, caller, users, UserName, (user, state) => {
        requireOne(state, caller.account, groups, GroupName);
        return user.groups.includes(key) ? user : { ...user, groups: [...user.groups, key].sort() };
      });
    },
  }),
});

const removeUserFromGroup = operation({
  name: 'RemoveUserFromGroup',
  summary: 'Takes a user out of a group.',
  input: structure('RemoveUserFromGroupRequest', {
    GroupName: required(groupName),
    UserName: required(existingUserName),
  }),
  output: undefined,
  prepare: (world, { GroupName, UserName }, caller) => ({
    resource: resourceOf(world, caller, groups, GroupName),
    run: async () => {
      const key = keyOf(GroupName);
      await change(world, caller, users, UserName, (user, state) => {
        requireOne(state, caller.account, groups, GroupName);
        if (!user.groups.includes(key)) return user;
        return { ...user, groups: user.groups.filter((one) => one !== key) };
      });
    },
  }),
});

const listGroupsForUser = operation({
  name: 'ListGroupsForUser',
  summary: 'Lists the groups that a user is in, by name.',
  input: structure('ListGroupsForUserRequest', { UserName: required(existingUserName), ...paging }),
  output: structure('ListGroupsForUserResponse', { Groups: required(list(group)), ...paged }),
  prepare: (world, { UserName, ...page }, caller) => ({
    resource: resourceOf(world, caller, users, UserName),
    run: async () => {
      const { state } = world.identity;
      const user = requireOne(state, caller.account, users, UserName);
      const found = user.groups.map((name) => requireOne(state, caller.account, groups, name));
      const { items, rest } = pageOf(found, ({ name }) => name, page);
      return { Groups: items.map((one) => viewGroup(one, caller)), ...rest };
    },
  }),
});

export const groupMemberOperations = [addUserToGroup, removeUserFromGroup, listGroupsForUser];
