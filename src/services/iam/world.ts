import type { IdentityJournal } from '../../access/identity/identity.ts';
import type { RootKey } from '../../access/keys/root-key.ts';
import type { Clock, Millis } from '../../env/clock.ts';
import type { Random } from '../../env/random.ts';

/** What IAM's operations work with. */
export type IamWorld = {
  readonly identity: IdentityJournal;
  /** Wraps the secrets of access keys. */
  readonly rootKey: RootKey;
  readonly clock: Clock;
  readonly random: Random;
  /** When an access key last signed a request since the start, as far as that is known. */
  readonly lastUse?: ((accessKeyId: string) => LastUse | undefined) | undefined;
};

export type LastUse = { readonly at: Millis; readonly service: string; readonly region: string };
