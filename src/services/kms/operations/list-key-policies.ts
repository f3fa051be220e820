import { list, required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { onOwnKey } from '../parts/key-target.ts';
import { pageOf } from '../parts/page.ts';
import { policyName as defaultName } from '../parts/policy-check.ts';
import { keyId, limit, marker, page, policyName } from '../parts/shapes.ts';

export const listKeyPolicies = operation({
  name: 'ListKeyPolicies',
  summary: "Lists the names of a key's policies: a key has one.",
  runs: 'here',
  input: structure('ListKeyPoliciesRequest', { KeyId: required(keyId), Limit: limit, Marker: marker }),
  output: structure('ListKeyPoliciesResponse', { PolicyNames: list(policyName), ...page }),
  prepare: (world, request, caller) =>
    onOwnKey(world, request.KeyId, caller, {}, async () => {
      const { items, ...rest } = pageOf([defaultName], (name) => name, request, 100);
      return { PolicyNames: items, ...rest };
    }),
});
