import { list, required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { onResource } from '../parts/prepare.ts';
import { requireResource, tagsOf } from '../parts/resource.ts';
import { resourceArn, tag } from '../parts/shapes.ts';
import { viewTags } from '../parts/tag.ts';

export const listTagsForResource = operation({
  name: 'ListTagsForResource',
  summary: 'Lists all tags of a stream, a consumer or a channel by key.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'stream' },
  input: structure('ListTagsForResourceInput', { ResourceARN: required(resourceArn) }),
  output: structure('ListTagsForResourceOutput', { Tags: list(tag, { min: 0, max: 200 }) }),
  prepare: ({ catalog }, { ResourceARN }, caller) =>
    onResource(ResourceARN, caller, async () => {
      const tags = tagsOf(requireResource(catalog.state, ResourceARN, caller));
      return { Tags: viewTags(tags) };
    }),
});
