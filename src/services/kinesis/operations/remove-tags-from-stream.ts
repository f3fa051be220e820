import { streamKeyOf } from '../../../catalog/state.ts';
import { list, required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { onStream } from '../parts/prepare.ts';
import { tagKey, target } from '../parts/shapes.ts';
import { checkStreamTagText } from '../parts/tag.ts';
import { requireActive, requireStreamAt } from '../parts/target.ts';

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
  prepare: ({ catalog }, request, caller) =>
    onStream(request, caller, async (address) => {
      await catalog.commit((state) => {
        const stream = requireStreamAt(state, address);
        requireActive(stream);
        checkStreamTagText(request.TagKeys, stream, 'remove tags from');
        const tags = stream.tags.filter(({ key }) => !request.TagKeys.includes(key));
        return [{ kind: 'settings-changed', key: streamKeyOf(stream), settings: { tags } }];
      });
    }),
});
