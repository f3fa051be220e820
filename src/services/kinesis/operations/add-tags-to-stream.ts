import { streamKeyOf } from '../../../catalog/state.ts';
import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { onStream } from '../parts/prepare.ts';
import { tagMap, target } from '../parts/shapes.ts';
import { checkStreamTagText, mergeTags } from '../parts/tag.ts';
import { requireActive, requireStreamAt } from '../parts/target.ts';

export const addTagsToStream = operation({
  name: 'AddTagsToStream',
  summary: 'Adds tags to a stream, or changes their values; at most 50 in all.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'account' },
  input: structure('AddTagsToStreamInput', { ...target, Tags: required(tagMap) }),
  output: undefined,
  prepare: ({ catalog }, request, caller) =>
    onStream(request, caller, async (address) => {
      await catalog.commit((state) => {
        const stream = requireStreamAt(state, address);
        requireActive(stream);
        checkStreamTagText(Object.entries(request.Tags).flat(), stream, 'add tags to');
        return [
          {
            kind: 'settings-changed',
            key: streamKeyOf(stream),
            settings: { tags: mergeTags(stream.tags, request.Tags, stream) },
          },
        ];
      });
    }),
});
