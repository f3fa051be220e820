import type { Caller } from '../../../access/caller.ts';
import type { ManagedPolicy } from '../../../access/identity/state.ts';
import { boolean, list, required, structure } from '../../../wire/shape.ts';
import { deleteConflict } from '../errors.ts';
import { operation } from '../operation.ts';
import { pageOf } from '../parts/page.ts';
import {
  policyResource,
  requireAnyPolicy,
  requireOwn,
  requirePolicy,
  requireVersion,
} from '../parts/policy.ts';
import { checkPolicy } from '../parts/policy-document.ts';
import { arn, paged, paging, policyDocument, policyVersion, policyVersionId } from '../parts/shapes.ts';
import { viewVersion } from '../parts/view.ts';
import type { IamWorld } from '../world.ts';

const createPolicyVersion = operation({
  name: 'CreatePolicyVersion',
  summary: 'Adds a version to a managed policy, which may be the one that counts from now on.',
  input: structure('CreatePolicyVersionRequest', {
    PolicyArn: required(arn),
    PolicyDocument: required(policyDocument),
    SetAsDefault: boolean(),
  }),
  output: structure('CreatePolicyVersionResponse', { PolicyVersion: policyVersion }),
  prepare: (world, { PolicyArn, PolicyDocument: document, SetAsDefault }, caller) => ({
    resource: policyResource(world, PolicyArn, caller),
    run: async () => {
      requireOwn(PolicyArn);
      requirePolicy(world.identity.state, caller.account, PolicyArn);
      checkPolicy(document, 'identity');
      const createdAt = world.clock.now();
      let id = '';
      await changePolicy(world, caller, PolicyArn, (before) => {
        id = `v${before.nextVersion}`;
        return {
          ...before,
          versions: [...before.versions, { id, document, createdAt }],
          defaultVersion: SetAsDefault ? id : before.defaultVersion,
          nextVersion: before.nextVersion + 1,
        };
      });
      const defaultVersion = SetAsDefault ? id : '';
      return { PolicyVersion: viewVersion({ id, document, createdAt }, { defaultVersion }, 'listed') };
    },
  }),
});

const getPolicyVersion = operation({
  name: 'GetPolicyVersion',
  summary: 'Answers a version of a managed policy, as URL-encoded JSON.',
  input: structure('GetPolicyVersionRequest', {
    PolicyArn: required(arn),
    VersionId: required(policyVersionId),
  }),
  output: structure('GetPolicyVersionResponse', { PolicyVersion: policyVersion }),
  prepare: (world, { PolicyArn, VersionId }, caller) => ({
    resource: policyResource(world, PolicyArn, caller),
    run: async () => {
      const policy = requireAnyPolicy(world.identity.state, caller.account, PolicyArn);
      return { PolicyVersion: viewVersion(requireVersion(policy, PolicyArn, VersionId), policy, 'whole') };
    },
  }),
});

const listPolicyVersions = operation({
  name: 'ListPolicyVersions',
  summary: 'Lists the versions of a managed policy, the latest first.',
  input: structure('ListPolicyVersionsRequest', { PolicyArn: required(arn), ...paging }),
  output: structure('ListPolicyVersionsResponse', { Versions: list(policyVersion), ...paged }),
  prepare: (world, { PolicyArn, ...page }, caller) => ({
    resource: policyResource(world, PolicyArn, caller),
    run: async () => {
      const policy = requireAnyPolicy(world.identity.state, caller.account, PolicyArn);
      const latestFirst = (id: string) => String(versionsCounted - Number(id.slice(1)));
      const { items, rest } = pageOf(policy.versions, ({ id }) => latestFirst(id), page);
      return { Versions: items.map((version) => viewVersion(version, policy, 'listed')), ...rest };
    },
  }),
});

/** More than a policy ever has, so that differences to it have as many digits, and sort as texts. */
const versionsCounted = 9e15;

const setDefaultPolicyVersion = operation({
  name: 'SetDefaultPolicyVersion',
  summary: 'Has another version of a managed policy count.',
  input: structure('SetDefaultPolicyVersionRequest', {
    PolicyArn: required(arn),
    VersionId: required(policyVersionId),
  }),
  output: undefined,
  prepare: (world, { PolicyArn, VersionId }, caller) => ({
    resource: policyResource(world, PolicyArn, caller),
    run: () => {
      requireOwn(PolicyArn);
      return changePolicy(world, caller, PolicyArn, (before) => ({
        ...before,
        defaultVersion: requireVersion(before, PolicyArn, VersionId).id,
      }));
    },
  }),
});

const deletePolicyVersion = operation({
  name: 'DeletePolicyVersion',
  summary: 'Deletes a version of a managed policy that is not the one that counts.',
  input: structure('DeletePolicyVersionRequest', {
    PolicyArn: required(arn),
    VersionId: required(policyVersionId),
  }),
  output: undefined,
  prepare: (world, { PolicyArn, VersionId }, caller) => ({
    resource: policyResource(world, PolicyArn, caller),
    run: () => {
      requireOwn(PolicyArn);
      return changePolicy(world, caller, PolicyArn, (before) => {
        const { id } = requireVersion(before, PolicyArn, VersionId);
        if (id === before.defaultVersion) {
          throw deleteConflict('Cannot delete the default version of a policy.');
        }
        return { ...before, versions: before.versions.filter((version) => version.id !== id) };
      });
    },
  }),
});

async function changePolicy(
  { identity }: IamWorld,
  { account }: Caller,
  arn: string,
  changed: (policy: ManagedPolicy) => ManagedPolicy,
): Promise<void> {
  await identity.commit((state) => [
    { kind: 'policy-changed', account, policy: changed(requirePolicy(state, account, arn)) },
  ]);
}

export const policyVersionOperations = [
  createPolicyVersion,
  getPolicyVersion,
  listPolicyVersions,
  setDefaultPolicyVersion,
  deletePolicyVersion,
];
