import { operation } from '../../../rpc/operation.ts';
import { required, string, structure } from '../../../wire/shape.ts';
import { requireResource } from '../parts/resource.ts';
import { resourceArn } from '../parts/shapes.ts';

export const getResourcePolicy = operation({
  name: 'GetResourcePolicy',
  summary: 'Answers the policy of a stream or a consumer, as it was put; `{}` without one.',
  rate: { perSecond: 5, per: 'account' },
  input: structure('GetResourcePolicyInput', { ResourceARN: required(resourceArn) }),
  output: structure('GetResourcePolicyOutput', { Policy: required(string()) }),
  async handle({ catalog }, { ResourceARN }, caller) {
    const { stream, consumer } = requireResource(catalog.state, ResourceARN, caller);
    return { Policy: (consumer ?? stream).policy ?? '{}' };
  },
});
