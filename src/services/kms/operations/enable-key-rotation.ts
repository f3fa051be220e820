import { dayMs } from '../../../access/keys/new-key.ts';
import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { requireEnabled } from '../parts/key-status.ts';
import { changeKey } from '../parts/key-target.ts';
import { keyId, periodDays } from '../parts/shapes.ts';

export const enableKeyRotation = operation({
  name: 'EnableKeyRotation',
  summary: 'Gives a key new material every 90 to 2,560 days, 365 unless another number is asked for.',
  runs: 'owner',
  input: structure('EnableKeyRotationRequest', { KeyId: required(keyId), RotationPeriodInDays: periodDays }),
  output: undefined,
  prepare: (world, { KeyId, RotationPeriodInDays: days = 365 }, caller) =>
    changeKey(world, KeyId, caller, (key) => {
      requireEnabled(key);
      const rotation = { periodDays: days, nextAt: world.clock.now() + days * dayMs };
      return [{ kind: 'key-changed', id: key.id, settings: { rotation } }];
    }),
});
