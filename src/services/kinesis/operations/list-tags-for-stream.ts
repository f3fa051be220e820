import { limits } from '../../../kinesis/limits.ts';
import { boolean, integer, list, required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { onStream } from '../parts/prepare.ts';
import { tag, tagKey, target } from '../parts/shapes.ts';
import { viewTags } from '../parts/tag.ts';
import { requireStreamAt } from '../parts/target.ts';

export const listTagsForStream = operation({
  name: 'ListTagsForStream',
  summary: 'Lists the tags of a stream by key.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'account' },
  input: structure('ListTagsForStreamInput', {
    ...target,
    ExclusiveStartTagKey: tagKey,
    Limit: integer({ min: 1, max: limits.tagsMax }),
  }),
  output: structure('ListTagsForStreamOutput', {
    Tags: required(list(tag)),
    HasMoreTags: required(boolean()),
  }),
  prepare: ({ catalog }, { ExclusiveStartTagKey: after, Limit = limits.tagsMax, ...named }, caller) =>
    onStream(named, caller, async (address) => {
      const stream = requireStreamAt(catalog.state, address);
      const from = Buffer.from(after ?? '');
      const rest = stream.tags.filter(
        ({ key }) => after === undefined || Buffer.compare(Buffer.from(key), from) > 0,
      );
      const page = rest.slice(0, Limit);
      return {
        Tags: viewTags(page),
        HasMoreTags: page.length < rest.length,
      };
    }),
});
