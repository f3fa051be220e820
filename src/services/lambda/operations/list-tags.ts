import { map, required, string, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { requireTagged, taggable } from '../parts/tagged.ts';

export const listTags = operation({
  name: 'ListTags',
  summary: 'Lists the tags of a function or a mapping, all at once.',
  runs: 'owner',
  input: structure('ListTagsRequest', { Resource: required(taggable) }),
  output: structure('ListTagsResponse', { Tags: map(string()) }),
  prepare: (world, { Resource }) => ({
    resource: Resource,
    run: async () => ({ Tags: requireTagged(world.opened().journal.state, Resource).tags }),
  }),
});
