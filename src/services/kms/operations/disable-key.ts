import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { requireNotPending } from '../parts/key-status.ts';
import { changeKey } from '../parts/key-target.ts';
import { keyId } from '../parts/shapes.ts';

export const disableKey = operation({
  name: 'DisableKey',
  summary: 'Keeps a key from encrypting and decrypting until it is enabled again.',
  runs: 'owner',
  input: structure('DisableKeyRequest', { KeyId: required(keyId) }),
  output: undefined,
  prepare: (world, { KeyId }, caller) =>
    changeKey(world, KeyId, caller, (key) => {
      requireNotPending(key);
      return [{ kind: 'key-changed', id: key.id, settings: { status: 'Disabled' } }];
    }),
});
