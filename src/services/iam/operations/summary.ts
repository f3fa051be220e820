import { accessKeysOf } from '../../../access/identity/lookup.ts';
import {
  accessKeysMax,
  attachedPoliciesMax,
  groupPolicyCharactersMax,
  groupsMax,
  groupsOfUserMax,
  managedPoliciesMax,
  managedPolicyCharactersMax,
  policyVersionsMax,
  rolePolicyCharactersMax,
  rolesMax,
  trustCharactersMax,
  userPolicyCharactersMax,
  usersMax,
} from '../../../access/identity/quotas.ts';
import { integer, list, map, required, string, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { emptyRequest, paged, paging } from '../parts/shapes.ts';

const getAccountSummary = operation({
  name: 'GetAccountSummary',
  summary: 'Counts what an account has, beside the quotas.',
  input: emptyRequest('GetAccountSummaryRequest'),
  output: structure('GetAccountSummaryResponse', { SummaryMap: map(integer()) }),
  prepare: ({ identity }, _, caller) => ({
    resource: '*',
    run: async () => {
      const { state } = identity;
      const account = state.accounts.get(caller.account);
      const policies = [...(account?.policies.values() ?? [])];
      return {
        SummaryMap: {
          Users: account?.users.size ?? 0,
          Groups: account?.groups.size ?? 0,
          Roles: account?.roles.size ?? 0,
          Policies: policies.length,
          PolicyVersionsInUse: policies.reduce((total, { versions }) => total + versions.length, 0),
          AccountAccessKeysPresent: accessKeysOf(state, caller.account, null).length > 0 ? 1 : 0,
          ...quotas,
          ...nothing,
        },
      };
    },
  }),
});

const quotas = {
  UsersQuota: usersMax,
  GroupsQuota: groupsMax,
  RolesQuota: rolesMax,
  PoliciesQuota: managedPoliciesMax,
  AccessKeysPerUserQuota: accessKeysMax,
  GroupsPerUserQuota: groupsOfUserMax,
  AttachedPoliciesPerUserQuota: attachedPoliciesMax,
  AttachedPoliciesPerGroupQuota: attachedPoliciesMax,
  AttachedPoliciesPerRoleQuota: attachedPoliciesMax,
  UserPolicySizeQuota: userPolicyCharactersMax,
  GroupPolicySizeQuota: groupPolicyCharactersMax,
  RolePolicySizeQuota: rolePolicyCharactersMax,
  PolicySizeQuota: managedPolicyCharactersMax,
  AssumeRolePolicySizeQuota: trustCharactersMax,
  VersionsPerPolicyQuota: policyVersionsMax,
};

/** What there is none of here. */
const nothing = {
  AccountMFAEnabled: 0,
  AccountPasswordPresent: 0,
  AccountSigningCertificatesPresent: 0,
  InstanceProfiles: 0,
  MFADevices: 0,
  MFADevicesInUse: 0,
  Providers: 0,
  ServerCertificates: 0,
};

const listAccountAliases = operation({
  name: 'ListAccountAliases',
  summary: 'Answers an empty list: accounts have no aliases.',
  input: structure('ListAccountAliasesRequest', paging),
  output: structure('ListAccountAliasesResponse', { AccountAliases: required(list(string())), ...paged }),
  prepare: () => ({ resource: '*', run: async () => ({ AccountAliases: [], IsTruncated: false }) }),
});

export const summaryOperations = [getAccountSummary, listAccountAliases];
