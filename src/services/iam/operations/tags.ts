import { list, required, structure } from '../../../wire/shape.ts';
import { type IamOperation, operation } from '../operation.ts';
import { contextOf } from '../parts/context.ts';
import { pageOf } from '../parts/page.ts';
import { paged, paging, tag, tagKeys, tags } from '../parts/shapes.ts';
import type { Tagged } from '../parts/tagged.ts';
import { keptTags, mergedTags, shownTags, tagsWithout } from '../parts/tags.ts';

/** The operations on the tags of users, roles or managed policies. */
export function tagOperations(tagged: Tagged): IamOperation[] {
  return [tagOne(tagged), untagOne(tagged), listTags(tagged)];
}

function tagOne(tagged: Tagged): IamOperation {
  const { noun, word } = tagged;
  return operation({
    name: `Tag${noun}`,
    summary: `Adds tags to a ${word}, or changes their values; at most 50 in all.`,
    input: structure(`Tag${noun}Request`, { ...tagged.member, Tags: required(tags) }),
    output: undefined,
    prepare: (world, request, caller) => {
      const requestTags = keptTags(request.Tags);
      return {
        resource: tagged.resourceOf(world, request, caller),
        context: contextOf({ requestTags }),
        run: () => tagged.change(world, request, caller, (before) => mergedTags(before, request.Tags)),
      };
    },
  });
}

function untagOne(tagged: Tagged): IamOperation {
  const { noun, word } = tagged;
  return operation({
    name: `Untag${noun}`,
    summary: `Removes tags from a ${word} by key; keys that it does not have are ignored.`,
    input: structure(`Untag${noun}Request`, { ...tagged.member, TagKeys: required(tagKeys) }),
    output: undefined,
    prepare: (world, request, caller) => ({
      resource: tagged.resourceOf(world, request, caller),
      context: contextOf({ tagKeys: request.TagKeys }),
      run: () => tagged.change(world, request, caller, (before) => tagsWithout(before, request.TagKeys)),
    }),
  });
}

function listTags(tagged: Tagged): IamOperation {
  const { noun, word } = tagged;
  return operation({
    name: `List${noun}Tags`,
    summary: `Lists the tags of a ${word} by key.`,
    input: structure(`List${noun}TagsRequest`, { ...tagged.member, ...paging }),
    output: structure(`List${noun}TagsResponse`, { Tags: required(list(tag, { max: 50 })), ...paged }),
    prepare: (world, request, caller) => ({
      resource: tagged.resourceOf(world, request, caller),
      run: async () => {
        const { items, rest } = pageOf(tagged.tagsOf(world, request, caller), ({ key }) => key, request);
        return { Tags: shownTags(items), ...rest };
      },
    }),
  });
}
