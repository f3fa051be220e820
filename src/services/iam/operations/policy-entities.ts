import type { Identity } from '../../../access/identity/state.ts';
import { list, required, string, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { keptArn } from '../parts/arn.ts';
import { pageOf } from '../parts/page.ts';
import { policyResource, requireAnyPolicy } from '../parts/policy.ts';
import { arn, paged, paging, path } from '../parts/shapes.ts';

const entityTypes = ['User', 'Role', 'Group', 'LocalManagedPolicy', 'AWSManagedPolicy'] as const;

export const entityType = string({ values: entityTypes });

const listEntitiesForPolicy = operation({
  name: 'ListEntitiesForPolicy',
  summary: 'Lists the users, groups and roles that a managed policy is attached to, or is the boundary of.',
  input: structure('ListEntitiesForPolicyRequest', {
    PolicyArn: required(arn),
    EntityFilter: entityType,
    PathPrefix: path,
    PolicyUsageFilter: string({ values: ['PermissionsPolicy', 'PermissionsBoundary'] }),
    ...paging,
  }),
  output: structure('ListEntitiesForPolicyResponse', {
    PolicyGroups: list(structure('PolicyGroup', { GroupName: string(), GroupId: string() })),
    PolicyUsers: list(structure('PolicyUser', { UserName: string(), UserId: string() })),
    PolicyRoles: list(structure('PolicyRole', { RoleName: string(), RoleId: string() })),
    ...paged,
  }),
  prepare: (world, request, caller) => ({
    resource: policyResource(world, request.PolicyArn, caller),
    run: async () => {
      const { state } = world.identity;
      requireAnyPolicy(state, caller.account, request.PolicyArn);
      const { EntityFilter: only, PathPrefix = '/', PolicyUsageFilter: usage } = request;
      const kept = keptArn(request.PolicyArn).toLowerCase();
      const holds = ({ path, attached, boundary = null }: Holder) =>
        path.startsWith(PathPrefix) &&
        ((usage !== 'PermissionsBoundary' && attached.some((one) => one.toLowerCase() === kept)) ||
          (usage !== 'PermissionsPolicy' && boundary?.toLowerCase() === kept));
      const account = state.accounts.get(caller.account);
      const found = (['Group', 'User', 'Role'] as const)
        .filter((type) => only === undefined || only === type)
        .flatMap((type) => {
          const all = { Group: account?.groups, User: account?.users, Role: account?.roles }[type];
          return [...(all?.values() ?? [])].filter(holds).map(({ name, id }) => ({ type, name, id }));
        });
      const { items, rest } = pageOf(found, ({ type, name }) => `${type}/${name}`, request);
      const of = (type: string) => items.filter((item) => item.type === type);
      return {
        PolicyGroups: of('Group').map(({ name, id }) => ({ GroupName: name, GroupId: id })),
        PolicyUsers: of('User').map(({ name, id }) => ({ UserName: name, UserId: id })),
        PolicyRoles: of('Role').map(({ name, id }) => ({ RoleName: name, RoleId: id })),
        ...rest,
      };
    },
  }),
});

type Holder = Identity & { readonly boundary?: string | null };

export const policyEntitiesOperations = [listEntitiesForPolicy];
