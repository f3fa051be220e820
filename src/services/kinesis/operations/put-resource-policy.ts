import { limits } from '../../../kinesis/limits.ts';
import { required, string, structure } from '../../../wire/shape.ts';
import { invalidArgument } from '../errors.ts';
import { operation } from '../operation.ts';
import { checkPolicyForm } from '../parts/policy-form.ts';
import { setPolicy } from '../parts/resource.ts';
import { resourceArn } from '../parts/shapes.ts';

export const putResourcePolicy = operation({
  name: 'PutResourcePolicy',
  summary: 'Attaches a policy to a stream or a consumer, in place of the one it had.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'account' },
  input: structure('PutResourcePolicyInput', {
    ResourceARN: required(resourceArn),
    Policy: required(string()),
  }),
  output: undefined,
  prepare: (world, { ResourceARN, Policy: policy }, caller) =>
    setPolicy(world, ResourceARN, caller, (resource) => {
      if (Buffer.byteLength(policy) > limits.policyBytesMax) {
        throw invalidArgument(`The policy is larger than ${limits.policyBytesMax} bytes.`);
      }
      checkPolicyForm(policy, resource, ResourceARN);
      return policy;
    }),
});
