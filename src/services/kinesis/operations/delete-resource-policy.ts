import { required, structure } from '../../../wire/shape.ts';
import { resourceNotFound } from '../errors.ts';
import { operation } from '../operation.ts';
import { setPolicy } from '../parts/resource.ts';
import { resourceArn } from '../parts/shapes.ts';

export const deleteResourcePolicy = operation({
  name: 'DeleteResourcePolicy',
  summary: 'Removes the policy of a stream or a consumer.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'account' },
  input: structure('DeleteResourcePolicyInput', { ResourceARN: required(resourceArn) }),
  output: undefined,
  prepare: (world, { ResourceARN: arn }, caller) =>
    setPolicy(world, arn, caller, ({ stream, consumer }) => {
      if ((consumer ?? stream).policy !== null) return null;
      throw resourceNotFound(`No resource policy found for resource ARN ${arn}.`);
    }),
});
