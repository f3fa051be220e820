import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { onOwnKey } from '../parts/key-target.ts';
import { policyName as defaultName, requirePolicyName } from '../parts/policy-check.ts';
import { keyId, policy, policyName } from '../parts/shapes.ts';

export const getKeyPolicy = operation({
  name: 'GetKeyPolicy',
  summary: "Answers a key's policy.",
  runs: 'here',
  input: structure('GetKeyPolicyRequest', { KeyId: required(keyId), PolicyName: policyName }),
  output: structure('GetKeyPolicyResponse', { Policy: policy, PolicyName: policyName }),
  prepare: (world, { KeyId, PolicyName }, caller) =>
    onOwnKey(world, KeyId, caller, {}, async (key) => {
      requirePolicyName(PolicyName);
      return { Policy: key.policy, PolicyName: defaultName };
    }),
});
