import { list, required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { keyContext } from '../parts/facts.ts';
import { setTags, tagsOf } from '../parts/resource.ts';
import { resourceArn, tagKey } from '../parts/shapes.ts';
import { checkTagText } from '../parts/tag.ts';

export const untagResource = operation({
  name: 'UntagResource',
  summary:
    'Removes tags from a stream, a consumer or a channel by key; keys that it does not have are ignored.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'stream' },
  input: structure('UntagResourceInput', {
    TagKeys: required(list(tagKey, { min: 1, max: 50 })),
    ResourceARN: required(resourceArn),
  }),
  output: undefined,
  prepare: (world, { TagKeys, ResourceARN }, caller) => ({
    ...setTags(world, ResourceARN, caller, (resource) => {
      checkTagText(TagKeys);
      return tagsOf(resource).filter(({ key }) => !TagKeys.includes(key));
    }),
    context: keyContext(TagKeys),
  }),
});
