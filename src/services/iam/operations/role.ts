import type { Role } from '../../../access/identity/state.ts';
import { uniqueId } from '../../../access/unique-id.ts';
import { list, required, structure } from '../../../wire/shape.ts';
import { invalidRequest } from '../errors.ts';
import { operation } from '../operation.ts';
import { arnOf } from '../parts/arn.ts';
import { mustFirst } from '../parts/conflict.ts';
import { contextOf, making } from '../parts/context.ts';
import { below, requireFree, requireOne, resourceOf, roles } from '../parts/kind.ts';
import { pageOf } from '../parts/page.ts';
import { attachable, knownArn } from '../parts/policy.ts';
import { checkPolicy } from '../parts/policy-document.ts';
import {
  arn,
  instanceProfile,
  paged,
  paging,
  path,
  pathPrefix,
  policyDocument,
  role,
  roleDescription,
  roleName,
  sessionSeconds,
  tags,
} from '../parts/shapes.ts';
import { keptTags } from '../parts/tags.ts';
import { listedRole, viewRole } from '../parts/view.ts';

const createRole = operation({
  name: 'CreateRole',
  summary: 'Makes a role, with a trust policy that says who may assume it.',
  input: structure('CreateRoleRequest', {
    Path: path,
    RoleName: required(roleName),
    AssumeRolePolicyDocument: required(policyDocument),
    Description: roleDescription,
    MaxSessionDuration: sessionSeconds,
    PermissionsBoundary: arn,
    Tags: tags,
  }),
  output: structure('CreateRoleResponse', { Role: required(role) }),
  prepare: ({ identity, clock, random }, request, caller) => {
    const { Path = '/', RoleName: name, PermissionsBoundary: boundary } = request;
    const tagged = keptTags(request.Tags);
    return {
      ...making('Role', arnOf(caller, 'role', { path: Path, name }), tagged),
      context: contextOf({
        requestTags: tagged,
        boundary: boundary && knownArn(identity.state, caller, boundary),
      }),
      run: async () => {
        const { account } = caller;
        if (Path.startsWith(ofAws)) throw invalidRequest(`Roles with the path ${ofAws} are AWS's own.`);
        checkPolicy(request.AssumeRolePolicyDocument, 'trust');
        const made: Omit<Role, 'boundary'> = {
          id: uniqueId('AROA', random),
          name,
          path: Path,
          createdAt: clock.now(),
          inline: [],
          attached: [],
          tags: tagged,
          trust: request.AssumeRolePolicyDocument,
          description: request.Description ?? '',
          sessionSecondsMax: request.MaxSessionDuration ?? sessionSecondsDefault,
        };
        const state = await identity.commit((before) => {
          requireFree(before, account, roles, name);
          const limit = boundary && attachable(before.accounts.get(account), boundary, 'Scope ARN:');
          return [{ kind: 'role-changed', account, role: { ...made, boundary: limit ?? null } }];
        });
        return { Role: viewRole(requireOne(state, account, roles, name), caller) };
      },
    };
  },
});

/** Where AWS has roles that are linked to services (IAM user guide, "Service-linked roles"). */
const ofAws = '/aws-service-role/';

/** An hour (IAM API reference, CreateRole, MaxSessionDuration). */
const sessionSecondsDefault = 3600;

const getRole = operation({
  name: 'GetRole',
  summary: 'Tells of a role. When it was last used is not known.',
  input: structure('GetRoleRequest', { RoleName: required(roleName) }),
  output: structure('GetRoleResponse', { Role: required(role) }),
  prepare: (world, { RoleName }, caller) => ({
    resource: resourceOf(world, caller, roles, RoleName),
    run: async () => {
      const found = requireOne(world.identity.state, caller.account, roles, RoleName);
      return { Role: { ...viewRole(found, caller), RoleLastUsed: {} } };
    },
  }),
});

const listRoles = operation({
  name: 'ListRoles',
  summary: 'Lists roles by name, all or those below a path.',
  input: structure('ListRolesRequest', { PathPrefix: pathPrefix, ...paging }),
  output: structure('ListRolesResponse', { Roles: required(list(role)), ...paged }),
  prepare: ({ identity }, { PathPrefix, ...page }, caller) => ({
    resource: '*',
    run: async () => {
      const all = below(identity.state, caller.account, roles, PathPrefix);
      const { items, rest } = pageOf(all, ({ name }) => name, page);
      return { Roles: items.map((one) => listedRole(one, caller)), ...rest };
    },
  }),
});

const deleteRole = operation({
  name: 'DeleteRole',
  summary: 'Deletes a role that has no policies any more. Sessions of it end at once.',
  input: structure('DeleteRoleRequest', { RoleName: required(roleName) }),
  output: undefined,
  prepare: (world, { RoleName }, caller) => ({
    resource: resourceOf(world, caller, roles, RoleName),
    run: async () => {
      const { account } = caller;
      await world.identity.commit((state) => {
        const { name, attached, inline } = requireOne(state, account, roles, RoleName);
        if (attached.length > 0) throw mustFirst('detach all policies');
        if (inline.length > 0) throw mustFirst('delete policies');
        return [{ kind: 'role-deleted', account, name }];
      });
    },
  }),
});

const listInstanceProfilesForRole = operation({
  name: 'ListInstanceProfilesForRole',
  summary: 'Answers an empty list: there are no instances that have profiles.',
  input: structure('ListInstanceProfilesForRoleRequest', { RoleName: required(roleName), ...paging }),
  output: structure('ListInstanceProfilesForRoleResponse', {
    InstanceProfiles: required(list(instanceProfile)),
    ...paged,
  }),
  prepare: (world, { RoleName }, caller) => ({
    resource: resourceOf(world, caller, roles, RoleName),
    run: async () => {
      requireOne(world.identity.state, caller.account, roles, RoleName);
      return { InstanceProfiles: [], IsTruncated: false };
    },
  }),
});

export const roleOperations = [createRole, getRole, listRoles, deleteRole, listInstanceProfilesForRole];
