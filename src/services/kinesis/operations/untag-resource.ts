import { list, required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { onResource } from '../parts/prepare.ts';
import { requireResource, setResource } from '../parts/resource.ts';
import { resourceArn, tagKey } from '../parts/shapes.ts';
import { checkTagText } from '../parts/tag.ts';

export const untagResource = operation({
  name: 'UntagResource',
  summary: 'Removes tags from a stream or a consumer by key; keys that it does not have are ignored.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'stream' },
  input: structure('UntagResourceInput', {
    TagKeys: required(list(tagKey, { min: 1, max: 50 })),
    ResourceARN: required(resourceArn),
  }),
  output: undefined,
  prepare: ({ catalog }, { TagKeys, ResourceARN }, caller) =>
    onResource(ResourceARN, caller, async () => {
      await catalog.commit((state) => {
        const resource = requireResource(state, ResourceARN, caller);
        checkTagText(TagKeys);
        const { tags } = resource.consumer ?? resource.stream;
        return [setResource(resource, { tags: tags.filter(({ key }) => !TagKeys.includes(key)) })];
      });
    }),
});
