import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { requireEnabled } from '../parts/key-status.ts';
import { changeKey } from '../parts/key-target.ts';
import { keyId } from '../parts/shapes.ts';

export const disableKeyRotation = operation({
  name: 'DisableKeyRotation',
  summary: 'Ends the rotation of a key by itself.',
  runs: 'owner',
  input: structure('DisableKeyRotationRequest', { KeyId: required(keyId) }),
  output: undefined,
  prepare: (world, { KeyId }, caller) =>
    changeKey(world, KeyId, caller, (key) => {
      requireEnabled(key);
      return [{ kind: 'key-changed', id: key.id, settings: { rotation: null } }];
    }),
});
