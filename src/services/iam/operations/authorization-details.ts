import type { Caller } from '../../../access/caller.ts';
import type { Account, Group, ManagedPolicy, Role, User } from '../../../access/identity/state.ts';
import { awsManagedPolicies } from '../../../access/policy/aws-managed.ts';
import { list, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { arnOf } from '../parts/arn.ts';
import { type Attachments, attachmentsIn } from '../parts/attachments.ts';
import { pageOf } from '../parts/page.ts';
import { asManaged } from '../parts/policy.ts';
import { groupDetail, managedPolicyDetail, paged, paging, roleDetail, userDetail } from '../parts/shapes.ts';
import {
  listedRole,
  tagsOf,
  viewAttached,
  viewBoundary,
  viewInline,
  viewVersion,
  wholeSecond,
} from '../parts/view.ts';
import { listedPolicy } from '../parts/view-policy.ts';
import { entityType } from './policy-entities.ts';

const getAccountAuthorizationDetails = operation({
  name: 'GetAccountAuthorizationDetails',
  summary:
    'Tells of all users, groups, roles and managed policies, with their policies and how they belong together.',
  input: structure('GetAccountAuthorizationDetailsRequest', { Filter: list(entityType), ...paging }),
  output: structure('GetAccountAuthorizationDetailsResponse', {
    UserDetailList: list(userDetail),
    GroupDetailList: list(groupDetail),
    RoleDetailList: list(roleDetail),
    Policies: list(managedPolicyDetail),
    ...paged,
  }),
  prepare: ({ identity }, { Filter, ...page }, caller) => ({
    resource: '*',
    run: async () => {
      const account = identity.state.accounts.get(caller.account);
      const attachments = attachmentsIn(account);
      const all = thingsIn(account, caller).filter(
        ({ type }) => Filter === undefined || Filter.includes(type),
      );
      const { items, rest } = pageOf(all, ({ type, one }) => `${type}/${one.name}`, page);
      return {
        UserDetailList: items.flatMap((item) =>
          item.type === 'User' ? viewUser(item.one, account!, caller) : [],
        ),
        GroupDetailList: items.flatMap((item) => (item.type === 'Group' ? viewGroup(item.one, caller) : [])),
        RoleDetailList: items.flatMap((item) => (item.type === 'Role' ? viewRole(item.one, caller) : [])),
        Policies: items.flatMap((item) =>
          'owner' in item ? viewPolicy(item.one, item.owner, attachments, caller) : [],
        ),
        ...rest,
      };
    },
  }),
});

type Item =
  | { readonly type: 'User'; readonly one: User }
  | { readonly type: 'Group'; readonly one: Group }
  | { readonly type: 'Role'; readonly one: Role }
  | {
      readonly type: 'LocalManagedPolicy' | 'AWSManagedPolicy';
      readonly one: ManagedPolicy;
      readonly owner: string;
    };

function thingsIn(account: Account | undefined, caller: Caller): Item[] {
  const items: Item[] = awsManagedPolicies.map((policy) => ({
    type: 'AWSManagedPolicy',
    one: asManaged(policy),
    owner: 'aws',
  }));
  if (account === undefined) return items;
  for (const one of account.users.values()) items.push({ type: 'User', one });
  for (const one of account.groups.values()) items.push({ type: 'Group', one });
  for (const one of account.roles.values()) items.push({ type: 'Role', one });
  for (const one of account.policies.values()) {
    items.push({ type: 'LocalManagedPolicy', one, owner: caller.account });
  }
  return items;
}

function viewUser(one: User, { groups }: Account, caller: Caller) {
  return {
    Path: one.path,
    UserName: one.name,
    UserId: one.id,
    Arn: arnOf(caller, 'user', one),
    CreateDate: wholeSecond(one.createdAt),
    UserPolicyList: viewInline(one),
    GroupList: one.groups.map((name) => groups.get(name)!.name),
    AttachedManagedPolicies: one.attached.map((arn) => viewAttached(arn, caller)),
    PermissionsBoundary: viewBoundary(one, caller),
    Tags: tagsOf(one),
  };
}

function viewGroup(one: Group, caller: Caller) {
  return {
    Path: one.path,
    GroupName: one.name,
    GroupId: one.id,
    Arn: arnOf(caller, 'group', one),
    CreateDate: wholeSecond(one.createdAt),
    GroupPolicyList: viewInline(one),
    AttachedManagedPolicies: one.attached.map((arn) => viewAttached(arn, caller)),
  };
}

function viewRole(one: Role, caller: Caller) {
  const { Description: _, MaxSessionDuration: __, ...listed } = listedRole(one, caller);
  return {
    ...listed,
    InstanceProfileList: [],
    RolePolicyList: viewInline(one),
    AttachedManagedPolicies: one.attached.map((arn) => viewAttached(arn, caller)),
    PermissionsBoundary: viewBoundary(one, caller),
    Tags: tagsOf(one),
    RoleLastUsed: {},
  };
}

function viewPolicy(one: ManagedPolicy, owner: string, attachments: Attachments, caller: Caller) {
  return {
    ...listedPolicy(one, owner, attachments, caller),
    PolicyVersionList: one.versions.map((version) => viewVersion(version, one, 'whole')),
  };
}

export const authorizationDetailsOperations = [getAccountAuthorizationDetails];
