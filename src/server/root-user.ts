import type { IdentityJournal } from '../access/identity/identity.ts';
import type { RootKey } from '../access/keys/root-key.ts';
import { purposeOfAccessKey } from '../access/known-keys.ts';
import { hasRootUser } from '../access/mode.ts';
import { newSecret, uniqueId } from '../access/unique-id.ts';
import type { Env } from '../env/env.ts';

/** Shown once: nothing but the wrapped secret is kept. */
export type RootUserKey = {
  readonly account: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
};

/**
 * Makes the root user of an account, who may do everything in it, when signatures are verified and no
 * account has one: other users' keys may have been made when everyone was let in, and cannot make one.
 * Undefined when there is one.
 */
export async function makeRootUser(
  identity: IdentityJournal,
  rootKey: RootKey,
  account: string,
  { clock, random }: Pick<Env, 'clock' | 'random'>,
): Promise<RootUserKey | undefined> {
  if (hasRootUser(identity.state)) return undefined;
  const id = uniqueId('AKIA', random);
  const secretAccessKey = newSecret(random);
  const secret = rootKey.wrap(Buffer.from(secretAccessKey), purposeOfAccessKey(id));
  const key = { id, account, user: null, secret, isActive: true, createdAt: clock.now() };
  await identity.commit((state) => (hasRootUser(state) ? [] : [{ kind: 'access-key-changed', key }]));
  // Another server may have made it at the same time, and shows its key.
  if (!identity.state.accessKeys.has(id)) return undefined;
  return { account, accessKeyId: id, secretAccessKey };
}
