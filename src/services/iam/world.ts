import type { IdentityJournal } from '../../access/identity/identity.ts';
import type { RootKey } from '../../access/keys/root-key.ts';
import type { Clock } from '../../env/clock.ts';
import type { Random } from '../../env/random.ts';

/** What IAM's operations work with. */
export type IamWorld = {
  readonly identity: IdentityJournal;
  /** Wraps the secrets of access keys. */
  readonly rootKey: RootKey;
  readonly clock: Clock;
  readonly random: Random;
};
