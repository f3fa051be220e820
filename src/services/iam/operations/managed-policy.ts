import { policyNamed } from '../../../access/identity/lookup.ts';
import { type Account, keyOf, type ManagedPolicy } from '../../../access/identity/state.ts';
import { awsManagedPolicies } from '../../../access/policy/aws-managed.ts';
import { uniqueId } from '../../../access/unique-id.ts';
import { boolean, list, required, string, structure } from '../../../wire/shape.ts';
import { deleteConflict, entityAlreadyExists } from '../errors.ts';
import { operation } from '../operation.ts';
import { arnOf } from '../parts/arn.ts';
import { attachmentsIn } from '../parts/attachments.ts';
import { contextOf, making } from '../parts/context.ts';
import { pageOf } from '../parts/page.ts';
import { asManaged, policyResource, requireAnyPolicy, requireOwn, requirePolicy } from '../parts/policy.ts';
import { checkPolicy } from '../parts/policy-document.ts';
import {
  arn,
  paged,
  paging,
  policy,
  policyDescription,
  policyDocument,
  policyName,
  policyPath,
  tags,
} from '../parts/shapes.ts';
import { keptTags } from '../parts/tags.ts';
import { listedPolicy, viewPolicy } from '../parts/view-policy.ts';

const createPolicy = operation({
  name: 'CreatePolicy',
  summary: 'Makes a managed policy, to be attached to users, groups and roles.',
  input: structure('CreatePolicyRequest', {
    PolicyName: required(policyName),
    Path: policyPath,
    PolicyDocument: required(policyDocument),
    Description: policyDescription,
    Tags: tags,
  }),
  output: structure('CreatePolicyResponse', { Policy: policy }),
  prepare: ({ identity, clock, random }, request, caller) => {
    const { PolicyName: name, Path = '/', PolicyDocument: document } = request;
    const tagged = keptTags(request.Tags);
    return {
      ...making('Policy', arnOf(caller, 'policy', { path: Path, name }), tagged),
      context: contextOf({ requestTags: tagged }),
      run: async () => {
        const { account } = caller;
        checkPolicy(document, 'identity');
        const createdAt = clock.now();
        const made: ManagedPolicy = {
          id: uniqueId('ANPA', random),
          name,
          path: Path,
          createdAt,
          description: request.Description ?? '',
          tags: tagged,
          versions: [{ id: 'v1', document, createdAt }],
          defaultVersion: 'v1',
          nextVersion: 2,
        };
        await identity.commit((state) => {
          if (state.accounts.get(account)?.policies.has(keyOf(name))) {
            throw entityAlreadyExists(
              `A policy called ${name} already exists. Duplicate names are not allowed.`,
            );
          }
          return [{ kind: 'policy-changed', account, policy: made }];
        });
        const shown = viewPolicy(made, account, attachmentsIn(undefined), caller);
        return { Policy: { ...shown, Description: undefined } };
      },
    };
  },
});

const getPolicy = operation({
  name: 'GetPolicy',
  summary: 'Tells of a managed policy, and how often it is attached.',
  input: structure('GetPolicyRequest', { PolicyArn: required(arn) }),
  output: structure('GetPolicyResponse', { Policy: policy }),
  prepare: (world, { PolicyArn }, caller) => ({
    resource: policyResource(world, caller, PolicyArn),
    run: async () => {
      const { state } = world.identity;
      const found = requireAnyPolicy(state, caller.account, PolicyArn);
      const { owner } = policyNamed(PolicyArn)!;
      const attachments = attachmentsIn(state.accounts.get(caller.account));
      return { Policy: viewPolicy(found, owner, attachments, caller) };
    },
  }),
});

const listPolicies = operation({
  name: 'ListPolicies',
  summary: "Lists managed policies by name: one's own, and AWS's that mean something here.",
  input: structure('ListPoliciesRequest', {
    Scope: string({ values: ['All', 'AWS', 'Local'] }),
    OnlyAttached: boolean(),
    PathPrefix: policyPath,
    PolicyUsageFilter: string({ values: ['PermissionsPolicy', 'PermissionsBoundary'] }),
    ...paging,
  }),
  output: structure('ListPoliciesResponse', { Policies: list(policy), ...paged }),
  prepare: ({ identity }, request, caller) => ({
    resource: '*',
    run: async () => {
      const account = identity.state.accounts.get(caller.account);
      const attachments = attachmentsIn(account);
      const { Scope = 'All', OnlyAttached = false, PathPrefix = '/', PolicyUsageFilter: usage } = request;
      const shown = policiesIn(account, caller.account, Scope)
        .filter(({ one }) => one.path.startsWith(PathPrefix))
        .map(({ one, owner }) => listedPolicy(one, owner, attachments, caller))
        .filter(({ AttachmentCount, PermissionsBoundaryUsageCount }) => {
          if (usage === 'PermissionsBoundary') return PermissionsBoundaryUsageCount > 0;
          if (usage === 'PermissionsPolicy') return AttachmentCount > 0;
          return !OnlyAttached || AttachmentCount + PermissionsBoundaryUsageCount > 0;
        });
      const { items, rest } = pageOf(shown, ({ PolicyName, Arn }) => `${PolicyName}/${Arn}`, request);
      return { Policies: items, ...rest };
    },
  }),
});

function policiesIn(account: Account | undefined, id: string, scope: 'All' | 'AWS' | 'Local') {
  const own = scope === 'AWS' ? [] : [...(account?.policies.values() ?? [])];
  const ofAws = scope === 'Local' ? [] : awsManagedPolicies;
  return [
    ...own.map((one) => ({ one, owner: id })),
    ...ofAws.map((one) => ({ one: asManaged(one), owner: 'aws' })),
  ];
}

const deletePolicy = operation({
  name: 'DeletePolicy',
  summary: 'Deletes a managed policy that is attached to nothing and has one version.',
  input: structure('DeletePolicyRequest', { PolicyArn: required(arn) }),
  output: undefined,
  prepare: (world, { PolicyArn }, caller) => ({
    resource: policyResource(world, caller, PolicyArn),
    run: async () => {
      const { account } = caller;
      requireOwn(PolicyArn);
      await world.identity.commit((state) => {
        const { name, path, versions } = requirePolicy(state, account, PolicyArn);
        const kept = `arn:aws:iam::${account}:policy${path}${name}`;
        const { attached, boundaries } = attachmentsIn(state.accounts.get(account));
        if (attached.has(kept) || boundaries.has(kept)) {
          throw deleteConflict('Cannot delete a policy attached to entities.');
        }
        if (versions.length > 1) {
          throw deleteConflict(
            'This policy has more than one version. Before you delete a policy, you must delete ' +
              "the policy's versions. The default version is deleted with the policy.",
          );
        }
        return [{ kind: 'policy-deleted', account, name }];
      });
    },
  }),
});

export const managedPolicyOperations = [createPolicy, getPolicy, listPolicies, deletePolicy];
