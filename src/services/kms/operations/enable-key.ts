import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { requireNotPending } from '../parts/key-status.ts';
import { changeKey } from '../parts/key-target.ts';
import { keyId } from '../parts/shapes.ts';

export const enableKey = operation({
  name: 'EnableKey',
  summary: 'Lets a key encrypt and decrypt again.',
  runs: 'owner',
  input: structure('EnableKeyRequest', { KeyId: required(keyId) }),
  output: undefined,
  prepare: (world, { KeyId }, caller) =>
    changeKey(world, KeyId, caller, (key) => {
      requireNotPending(key);
      return [{ kind: 'key-changed', id: key.id, settings: { status: 'Enabled' } }];
    }),
});
