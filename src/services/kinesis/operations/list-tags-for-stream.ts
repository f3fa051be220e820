import { limits } from '../../../kinesis/limits.ts';
import { operation } from '../../../rpc/operation.ts';
import { boolean, integer, list, required, structure } from '../../../wire/shape.ts';
import { tag, tagKey, target } from '../parts/shapes.ts';
import { viewTags } from '../parts/tag.ts';
import { requireStream } from '../parts/target.ts';

export const listTagsForStream = operation({
  name: 'ListTagsForStream',
  summary: 'Lists the tags of a stream by key.',
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
  async handle(service, { ExclusiveStartTagKey: after, Limit = limits.tagsMax, ...named }, caller) {
    const stream = requireStream(service, named, caller);
    const from = Buffer.from(after ?? '');
    const rest = stream.tags.filter(
      ({ key }) => after === undefined || Buffer.compare(Buffer.from(key), from) > 0,
    );
    const page = rest.slice(0, Limit);
    return {
      Tags: viewTags(page),
      HasMoreTags: page.length < rest.length,
    };
  },
});
