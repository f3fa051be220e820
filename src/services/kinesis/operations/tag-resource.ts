import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { tagContext } from '../parts/facts.ts';
import { namedAs, setTags, tagsOf } from '../parts/resource.ts';
import { resourceArn, tagMap } from '../parts/shapes.ts';
import { checkTagText, mergeTags } from '../parts/tag.ts';

export const tagResource = operation({
  name: 'TagResource',
  summary: 'Adds tags to a stream, a consumer or a channel, or changes their values; at most 50 in all.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'stream' },
  input: structure('TagResourceInput', { Tags: required(tagMap), ResourceARN: required(resourceArn) }),
  output: undefined,
  prepare: (world, { ResourceARN, Tags }, caller) => ({
    ...setTags(world, ResourceARN, caller, (resource) => {
      checkTagText(Object.entries(Tags).flat());
      return mergeTags(tagsOf(resource), Tags, namedAs(resource));
    }),
    context: tagContext(Tags),
  }),
});
