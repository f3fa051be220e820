import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { requireNotPending } from '../parts/key-status.ts';
import { changeKey } from '../parts/key-target.ts';
import { description, keyId } from '../parts/shapes.ts';

export const updateKeyDescription = operation({
  name: 'UpdateKeyDescription',
  summary: 'Changes the description of a key.',
  runs: 'owner',
  input: structure('UpdateKeyDescriptionRequest', {
    KeyId: required(keyId),
    Description: required(description),
  }),
  output: undefined,
  prepare: (world, { KeyId, Description }, caller) =>
    changeKey(world, KeyId, caller, (key) => {
      requireNotPending(key);
      return [{ kind: 'key-changed', id: key.id, settings: { description: Description } }];
    }),
});
