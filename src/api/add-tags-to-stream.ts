import { streamKeyOf } from '../catalog/state.ts';
import { KinesisError } from '../kinesis/error.ts';
import { limits } from '../kinesis/limits.ts';
import type { Stream, Tag } from '../kinesis/stream.ts';
import { required, structure } from '../wire/shape.ts';
import { operation } from './operation.ts';
import { tagMap, target } from './shapes.ts';
import { checkStreamTagText, tagsFrom } from './tag.ts';
import { addressOf, requireStreamAt } from './target.ts';

export const addTagsToStream = operation({
  name: 'AddTagsToStream',
  summary: 'Adds tags to a stream, or changes their values; at most 50 in all.',
  input: structure('AddTagsToStreamInput', { ...target, Tags: required(tagMap) }),
  output: undefined,
  async handle({ catalog }, request, caller) {
    const address = addressOf(request, caller);
    await catalog.commit((state) => {
      const stream = requireStreamAt(state, address);
      checkStreamTagText(Object.entries(request.Tags).flat(), stream, 'add tags to');
      return [
        {
          kind: 'settings-changed',
          key: streamKeyOf(stream),
          settings: { tags: withTags(stream, request.Tags) },
        },
      ];
    });
  },
});

function withTags(stream: Stream, added: Readonly<Record<string, string>>): Tag[] {
  const kept = stream.tags.map(({ key, value }) => [key, value] as const);
  const tags = tagsFrom(Object.fromEntries([...kept, ...Object.entries(added)]));
  if (tags.length <= limits.tagsMax) return tags;
  // The text says 10 although the limit is 50: AWS's does so too.
  throw new KinesisError(
    'InvalidArgumentException',
    `Failed to add tags to stream ${stream.name} under account ${stream.account} because a given stream cannot ` +
      'have more than 10 tags associated with it.',
  );
}
