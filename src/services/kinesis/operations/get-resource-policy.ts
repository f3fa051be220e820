import { required, string, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { onResource } from '../parts/prepare.ts';
import { requireGuarded } from '../parts/resource.ts';
import { resourceArn } from '../parts/shapes.ts';

export const getResourcePolicy = operation({
  name: 'GetResourcePolicy',
  summary: 'Answers the policy of a stream or a consumer, as it was put; `{}` without one.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'account' },
  input: structure('GetResourcePolicyInput', { ResourceARN: required(resourceArn) }),
  output: structure('GetResourcePolicyOutput', { Policy: required(string()) }),
  prepare: ({ catalog }, { ResourceARN }, caller) =>
    onResource(ResourceARN, caller, async () => {
      const { stream, consumer } = requireGuarded(catalog.state, ResourceARN, caller);
      return { Policy: (consumer ?? stream).policy ?? '{}' };
    }),
});
