import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { change, requireOne, resourceOf, roles } from '../parts/kind.ts';
import { checkPolicy } from '../parts/policy-document.ts';
import { policyDocument, role, roleDescription, roleName, sessionSeconds } from '../parts/shapes.ts';
import { viewRole } from '../parts/view.ts';

const updateRole = operation({
  name: 'UpdateRole',
  summary: "Changes a role's description, and how long its sessions may last.",
  input: structure('UpdateRoleRequest', {
    RoleName: required(roleName),
    Description: roleDescription,
    MaxSessionDuration: sessionSeconds,
  }),
  output: structure('UpdateRoleResponse', {}),
  prepare: (world, { RoleName, Description, MaxSessionDuration }, caller) => ({
    resource: resourceOf(world, caller, roles, RoleName),
    run: async () => {
      await change(world, caller, roles, RoleName, (before) => ({
        ...before,
        description: Description ?? before.description,
        sessionSecondsMax: MaxSessionDuration ?? before.sessionSecondsMax,
      }));
      return {};
    },
  }),
});

const updateRoleDescription = operation({
  name: 'UpdateRoleDescription',
  summary: "Changes a role's description.",
  input: structure('UpdateRoleDescriptionRequest', {
    RoleName: required(roleName),
    Description: required(roleDescription),
  }),
  output: structure('UpdateRoleDescriptionResponse', { Role: role }),
  prepare: (world, { RoleName, Description: description }, caller) => ({
    resource: resourceOf(world, caller, roles, RoleName),
    run: async () => {
      await change(world, caller, roles, RoleName, (before) => ({ ...before, description }));
      return { Role: viewRole(requireOne(world.identity.state, caller.account, roles, RoleName), caller) };
    },
  }),
});

const updateAssumeRolePolicy = operation({
  name: 'UpdateAssumeRolePolicy',
  summary: "Replaces a role's trust policy.",
  input: structure('UpdateAssumeRolePolicyRequest', {
    RoleName: required(roleName),
    PolicyDocument: required(policyDocument),
  }),
  output: undefined,
  prepare: (world, { RoleName, PolicyDocument: trust }, caller) => ({
    resource: resourceOf(world, caller, roles, RoleName),
    run: async () => {
      requireOne(world.identity.state, caller.account, roles, RoleName);
      checkPolicy(trust, 'trust');
      await change(world, caller, roles, RoleName, (before) => ({ ...before, trust }));
    },
  }),
});

export const roleSettingsOperations = [updateRole, updateRoleDescription, updateAssumeRolePolicy];
