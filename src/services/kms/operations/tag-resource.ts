import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { requireNotPending } from '../parts/key-status.ts';
import { changeKey } from '../parts/key-target.ts';
import { keyId, tags } from '../parts/shapes.ts';
import { mergeTags, tagRecord } from '../parts/tag.ts';

export const tagResource = operation({
  name: 'TagResource',
  summary: 'Adds tags to a key, or changes their values; at most 50 in all.',
  runs: 'owner',
  input: structure('TagResourceRequest', { KeyId: required(keyId), Tags: required(tags) }),
  output: undefined,
  prepare: (world, { KeyId, Tags }, caller) =>
    changeKey(
      world,
      KeyId,
      caller,
      (key) => {
        requireNotPending(key);
        return [{ kind: 'key-changed', id: key.id, settings: { tags: mergeTags(key.tags, Tags) } }];
      },
      { tags: tagRecord(Tags) },
    ),
});
