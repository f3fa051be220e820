import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { nextToken, resourceArn, tags } from '../parts/table-shapes.ts';
import { requireTagged } from '../parts/tagged.ts';
import { viewTags } from '../parts/tags.ts';
import { storeOf } from '../world.ts';

export const listTagsOfResource = operation({
  name: 'ListTagsOfResource',
  summary: 'Lists the tags of a table, all at once.',
  runs: 'owner',
  input: structure('ListTagsOfResourceInput', { ResourceArn: required(resourceArn), NextToken: nextToken }),
  output: structure('ListTagsOfResourceOutput', { Tags: tags, NextToken: nextToken }),
  prepare: (world, { ResourceArn }, caller) => ({
    resource: ResourceArn,
    run: async () => ({ Tags: viewTags(requireTagged(storeOf(world), ResourceArn, caller).tags) }),
  }),
});
