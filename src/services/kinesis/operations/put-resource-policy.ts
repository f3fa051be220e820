import { limits } from '../../../kinesis/limits.ts';
import { operation } from '../../../rpc/operation.ts';
import { ServiceError } from '../../../wire/service-error.ts';
import { required, string, structure } from '../../../wire/shape.ts';
import { checkPolicyForm } from '../parts/policy-form.ts';
import { requireResource, setResource } from '../parts/resource.ts';
import { resourceArn } from '../parts/shapes.ts';

export const putResourcePolicy = operation({
  name: 'PutResourcePolicy',
  summary:
    'Attaches a policy to a stream or a consumer, in place of the one it had. So far it is stored, not enforced.',
  rate: { perSecond: 5, per: 'account' },
  input: structure('PutResourcePolicyInput', {
    ResourceARN: required(resourceArn),
    Policy: required(string()),
  }),
  output: undefined,
  async handle({ catalog }, { ResourceARN, Policy: policy }, caller) {
    await catalog.commit((state) => {
      const resource = requireResource(state, ResourceARN, caller);
      if (Buffer.byteLength(policy) > limits.policyBytesMax) {
        throw new ServiceError(
          'InvalidArgumentException',
          `The policy is larger than ${limits.policyBytesMax} bytes.`,
        );
      }
      checkPolicyForm(policy, resource, ResourceARN);
      return [setResource(resource, { policy })];
    });
  },
});
