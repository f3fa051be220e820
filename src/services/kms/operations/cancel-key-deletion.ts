import { formatKeyArn } from '../../../access/keys/key-arn.ts';
import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { requirePending } from '../parts/key-status.ts';
import { changedKey } from '../parts/key-target.ts';
import { keyId } from '../parts/shapes.ts';

export const cancelKeyDeletion = operation({
  name: 'CancelKeyDeletion',
  summary: 'Keeps a key that was to be deleted; it is disabled then.',
  runs: 'owner',
  input: structure('CancelKeyDeletionRequest', { KeyId: required(keyId) }),
  output: structure('CancelKeyDeletionResponse', { KeyId: keyId }),
  prepare: (world, { KeyId }, caller) =>
    changedKey(
      world,
      KeyId,
      caller,
      (key) => {
        requirePending(key);
        return [{ kind: 'key-changed', id: key.id, settings: { status: 'Disabled', deletionAt: null } }];
      },
      (key) => ({ KeyId: formatKeyArn(key) }),
    ),
});
