import { required, structure } from '../../../wire/shape.ts';
import { resourceNotFound } from '../errors.ts';
import { operation } from '../operation.ts';
import { onResource } from '../parts/prepare.ts';
import { requireResource, setResource } from '../parts/resource.ts';
import { resourceArn } from '../parts/shapes.ts';

export const deleteResourcePolicy = operation({
  name: 'DeleteResourcePolicy',
  summary: 'Removes the policy of a stream or a consumer.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'account' },
  input: structure('DeleteResourcePolicyInput', { ResourceARN: required(resourceArn) }),
  output: undefined,
  prepare: ({ catalog }, { ResourceARN: arn }, caller) =>
    onResource(arn, caller, async () => {
      await catalog.commit((state) => {
        const resource = requireResource(state, arn, caller);
        if ((resource.consumer ?? resource.stream).policy !== null)
          return [setResource(resource, { policy: null })];
        throw resourceNotFound(`No resource policy found for resource ARN ${arn}.`);
      });
    }),
});
