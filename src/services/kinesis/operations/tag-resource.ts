import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { tagContext } from '../parts/facts.ts';
import { setResource } from '../parts/resource.ts';
import { resourceArn, tagMap } from '../parts/shapes.ts';
import { checkTagText, mergeTags } from '../parts/tag.ts';

export const tagResource = operation({
  name: 'TagResource',
  summary: 'Adds tags to a stream or a consumer, or changes their values; at most 50 in all.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'stream' },
  input: structure('TagResourceInput', { Tags: required(tagMap), ResourceARN: required(resourceArn) }),
  output: undefined,
  prepare: (world, { ResourceARN, Tags }, caller) => ({
    ...setResource(world, ResourceARN, caller, ({ stream, consumer }) => {
      checkTagText(Object.entries(Tags).flat());
      return { tags: mergeTags((consumer ?? stream).tags, Tags, stream) };
    }),
    context: tagContext(Tags),
  }),
});
