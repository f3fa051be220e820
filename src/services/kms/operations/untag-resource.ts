import { list, required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { requireNotPending } from '../parts/key-status.ts';
import { changeKey } from '../parts/key-target.ts';
import { keyId, tagKey } from '../parts/shapes.ts';

export const untagResource = operation({
  name: 'UntagResource',
  summary: 'Removes tags from a key.',
  runs: 'owner',
  input: structure('UntagResourceRequest', { KeyId: required(keyId), TagKeys: required(list(tagKey)) }),
  output: undefined,
  prepare: (world, { KeyId, TagKeys }, caller) =>
    changeKey(
      world,
      KeyId,
      caller,
      (key) => {
        requireNotPending(key);
        const tags = key.tags.filter((tag) => !TagKeys.includes(tag.key));
        return [{ kind: 'key-changed', id: key.id, settings: { tags } }];
      },
      { tagKeys: TagKeys },
    ),
});
