import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { onOwnKey } from '../parts/key-target.ts';
import { pageOf } from '../parts/page.ts';
import { keyId, limit, marker, page, tags } from '../parts/shapes.ts';
import { viewTags } from '../parts/tag.ts';

export const listResourceTags = operation({
  name: 'ListResourceTags',
  summary: 'Lists the tags of a key by their keys.',
  runs: 'here',
  input: structure('ListResourceTagsRequest', { KeyId: required(keyId), Limit: limit, Marker: marker }),
  output: structure('ListResourceTagsResponse', { Tags: tags, ...page }),
  prepare: (world, request, caller) =>
    onOwnKey(world, request.KeyId, caller, {}, async (key) => {
      const { items, ...rest } = pageOf(key.tags, (tag) => tag.key, request, 50);
      return { Tags: viewTags(items), ...rest };
    }),
});
