import { boolean, required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { changeKey } from '../parts/key-target.ts';
import { checkKeyPolicy, requirePolicyName } from '../parts/policy-check.ts';
import { keyId, policy, policyName } from '../parts/shapes.ts';

export const putKeyPolicy = operation({
  name: 'PutKeyPolicy',
  summary: 'Attaches a policy to a key, in place of the one it had.',
  runs: 'owner',
  input: structure('PutKeyPolicyRequest', {
    KeyId: required(keyId),
    PolicyName: policyName,
    Policy: required(policy),
    BypassPolicyLockoutSafetyCheck: boolean(),
  }),
  output: undefined,
  prepare: (world, request, caller) => {
    const { KeyId, PolicyName, Policy, BypassPolicyLockoutSafetyCheck: bypass } = request;
    return changeKey(
      world,
      KeyId,
      caller,
      (key) => {
        requirePolicyName(PolicyName);
        checkKeyPolicy(world, key, Policy, caller, bypass);
        return [{ kind: 'key-changed', id: key.id, settings: { policy: Policy } }];
      },
      { bypass },
    );
  },
});
