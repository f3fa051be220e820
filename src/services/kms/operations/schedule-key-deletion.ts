import { formatKeyArn } from '../../../access/keys/key-arn.ts';
import { dayMs } from '../../../access/keys/new-key.ts';
import { required, structure, timestamp } from '../../../wire/shape.ts';
import { invalidRequest } from '../errors.ts';
import { operation } from '../operation.ts';
import { requireNotPending } from '../parts/key-status.ts';
import { changedKey } from '../parts/key-target.ts';
import { keyId, keyState, windowDays } from '../parts/shapes.ts';

export const scheduleKeyDeletion = operation({
  name: 'ScheduleKeyDeletion',
  summary: 'Has a key deleted in 7 to 30 days, until when that can be cancelled. It is of no use meanwhile.',
  runs: 'owner',
  input: structure('ScheduleKeyDeletionRequest', { KeyId: required(keyId), PendingWindowInDays: windowDays }),
  output: structure('ScheduleKeyDeletionResponse', {
    KeyId: keyId,
    DeletionDate: timestamp(),
    KeyState: keyState,
    PendingWindowInDays: windowDays,
  }),
  prepare: (world, { KeyId, PendingWindowInDays: days = daysMax }, caller) =>
    changedKey(
      world,
      KeyId,
      caller,
      (key) => {
        if (days < daysMin || days > daysMax) {
          throw invalidRequest(`PendingWindowInDays must be between ${daysMin} and ${daysMax}, not ${days}.`);
        }
        requireNotPending(key);
        const deletionAt = world.clock.now() + days * dayMs;
        return [{ kind: 'key-changed', id: key.id, settings: { status: 'PendingDeletion', deletionAt } }];
      },
      (key) => ({
        KeyId: formatKeyArn(key),
        DeletionDate: key.deletionAt ?? undefined,
        KeyState: key.status,
        PendingWindowInDays: days,
      }),
    ),
});

/** API reference, ScheduleKeyDeletion. */
const daysMin = 7;
const daysMax = 30;
