import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { tagContext } from '../parts/facts.ts';
import { tagMap, target } from '../parts/shapes.ts';
import { setStream } from '../parts/stream-change.ts';
import { checkStreamTagText, mergeTags } from '../parts/tag.ts';
import { requireActive } from '../parts/target.ts';

export const addTagsToStream = operation({
  name: 'AddTagsToStream',
  summary: 'Adds tags to a stream, or changes their values; at most 50 in all.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'account' },
  input: structure('AddTagsToStreamInput', { ...target, Tags: required(tagMap) }),
  output: undefined,
  prepare: (world, request, caller) => ({
    ...setStream(world, request, caller, (stream) => {
      requireActive(stream);
      checkStreamTagText(Object.entries(request.Tags).flat(), stream, 'add tags to');
      return { tags: mergeTags(stream.tags, request.Tags, stream) };
    }),
    context: tagContext(request.Tags),
  }),
});
