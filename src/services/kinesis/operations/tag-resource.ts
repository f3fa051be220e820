import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { onResource } from '../parts/prepare.ts';
import { requireResource, setResource } from '../parts/resource.ts';
import { resourceArn, tagMap } from '../parts/shapes.ts';
import { checkTagText, mergeTags } from '../parts/tag.ts';

export const tagResource = operation({
  name: 'TagResource',
  summary: 'Adds tags to a stream or a consumer, or changes their values; at most 50 in all.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'stream' },
  input: structure('TagResourceInput', { Tags: required(tagMap), ResourceARN: required(resourceArn) }),
  output: undefined,
  prepare: ({ catalog }, request, caller) =>
    onResource(request.ResourceARN, caller, async () => {
      await catalog.commit((state) => {
        const resource = requireResource(state, request.ResourceARN, caller);
        checkTagText(Object.entries(request.Tags).flat());
        const { tags } = resource.consumer ?? resource.stream;
        return [setResource(resource, { tags: mergeTags(tags, request.Tags, resource.stream) })];
      });
    }),
});
