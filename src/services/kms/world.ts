import type { KeyCipher } from '../../access/keys/key-cipher.ts';
import type { Keys } from '../../access/keys/keys.ts';
import type { Authorizer } from '../../access/policy/access.ts';
import type { Clock } from '../../env/clock.ts';
import type { Random } from '../../env/random.ts';
import type { Background } from '../../stream/background.ts';

/** What the operations of the Key Management Service work with. */
export type KmsWorld = {
  readonly clock: Clock;
  readonly random: Random;
  readonly keys: Keys;
  readonly cipher: KeyCipher;
  /** Deletes and rotates keys (`keysTick`), in the owner; told of what is due sooner than it knew. */
  readonly background: Pick<Background, 'nudge'>;
  /** Says whether who puts a key policy could put another one after it. */
  readonly authorizer: Authorizer;
};
