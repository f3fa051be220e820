import { list, required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { keyContext } from '../parts/facts.ts';
import { tagKey, target } from '../parts/shapes.ts';
import { setStream } from '../parts/stream-change.ts';
import { checkStreamTagText } from '../parts/tag.ts';
import { requireActive } from '../parts/target.ts';

export const removeTagsFromStream = operation({
  name: 'RemoveTagsFromStream',
  summary: 'Removes tags from a stream by key; keys that it does not have are ignored.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'account' },
  input: structure('RemoveTagsFromStreamInput', {
    ...target,
    TagKeys: required(list(tagKey, { min: 1, max: 50 })),
  }),
  output: undefined,
  prepare: (world, request, caller) => ({
    ...setStream(world, request, caller, (stream) => {
      requireActive(stream);
      checkStreamTagText(request.TagKeys, stream, 'remove tags from');
      return { tags: stream.tags.filter(({ key }) => !request.TagKeys.includes(key)) };
    }),
    context: keyContext(request.TagKeys),
  }),
});
