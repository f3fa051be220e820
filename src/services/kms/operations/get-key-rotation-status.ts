import { boolean, required, structure, timestamp } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { onOwnKey } from '../parts/key-target.ts';
import { keyId, periodDays } from '../parts/shapes.ts';

export const getKeyRotationStatus = operation({
  name: 'GetKeyRotationStatus',
  summary: 'Tells whether a key is rotated by itself, how often, and when next.',
  runs: 'here',
  input: structure('GetKeyRotationStatusRequest', { KeyId: required(keyId) }),
  output: structure('GetKeyRotationStatusResponse', {
    KeyRotationEnabled: boolean(),
    KeyId: keyId,
    RotationPeriodInDays: periodDays,
    NextRotationDate: timestamp(),
    OnDemandRotationStartDate: timestamp(),
  }),
  prepare: (world, { KeyId }, caller) =>
    onOwnKey(world, KeyId, caller, {}, async ({ id, rotation, status }) => ({
      // A key that is to be deleted is not rotated, and is again once its deletion is cancelled.
      KeyRotationEnabled: rotation !== null && status !== 'PendingDeletion',
      KeyId: id,
      RotationPeriodInDays: rotation?.periodDays,
      NextRotationDate: rotation?.nextAt,
    })),
});
