import { required, structure } from '../../../wire/shape.ts';
import { limitExceeded } from '../errors.ts';
import { operation } from '../operation.ts';
import { requireEnabled } from '../parts/key-status.ts';
import { changedKey } from '../parts/key-target.ts';
import { keyId } from '../parts/shapes.ts';

export const rotateKeyOnDemand = operation({
  name: 'RotateKeyOnDemand',
  summary: 'Gives a key new material now, up to 25 times. What was encrypted before is still decrypted.',
  runs: 'owner',
  input: structure('RotateKeyOnDemandRequest', { KeyId: required(keyId) }),
  output: structure('RotateKeyOnDemandResponse', { KeyId: keyId }),
  prepare: (world, { KeyId }, caller) =>
    changedKey(
      world,
      KeyId,
      caller,
      (key) => {
        requireEnabled(key);
        const { id, versions } = key;
        if (versions.filter(({ cause }) => cause === 'on-demand').length >= rotationsMax) {
          throw limitExceeded(`A key can be rotated on demand at most ${rotationsMax} times.`);
        }
        const now = world.clock.now();
        const version = world.cipher.newVersion(id, versions.length + 1, now, 'on-demand');
        return [{ kind: 'key-rotated', id, version }];
      },
      ({ id }) => ({ KeyId: id }),
    ),
});

/** Developer guide, "Resource quotas". */
const rotationsMax = 25;
