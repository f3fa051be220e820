import { operation } from '../../../rpc/operation.ts';
import { ServiceError } from '../../../wire/service-error.ts';
import { required, structure } from '../../../wire/shape.ts';
import { requireResource, setResource } from '../parts/resource.ts';
import { resourceArn } from '../parts/shapes.ts';

export const deleteResourcePolicy = operation({
  name: 'DeleteResourcePolicy',
  summary: 'Removes the policy of a stream or a consumer.',
  rate: { perSecond: 5, per: 'account' },
  input: structure('DeleteResourcePolicyInput', { ResourceARN: required(resourceArn) }),
  output: undefined,
  async handle({ catalog }, { ResourceARN: arn }, caller) {
    await catalog.commit((state) => {
      const resource = requireResource(state, arn, caller);
      if ((resource.consumer ?? resource.stream).policy !== null)
        return [setResource(resource, { policy: null })];
      throw new ServiceError(
        'ResourceNotFoundException',
        `No resource policy found for resource ARN ${arn}.`,
      );
    });
  },
});
