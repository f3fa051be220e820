import { operation } from '../../../rpc/operation.ts';
import { list, required, structure } from '../../../wire/shape.ts';
import { requireResource } from '../parts/resource.ts';
import { resourceArn, tag } from '../parts/shapes.ts';
import { viewTags } from '../parts/tag.ts';

export const listTagsForResource = operation({
  name: 'ListTagsForResource',
  summary: 'Lists all tags of a stream or a consumer by key.',
  rate: { perSecond: 5, per: 'stream' },
  input: structure('ListTagsForResourceInput', { ResourceARN: required(resourceArn) }),
  output: structure('ListTagsForResourceOutput', { Tags: list(tag, { min: 0, max: 200 }) }),
  async handle({ catalog }, { ResourceARN }, caller) {
    const { stream, consumer } = requireResource(catalog.state, ResourceARN, caller);
    return { Tags: viewTags((consumer ?? stream).tags) };
  },
});
