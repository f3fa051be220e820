import type { IdentityEdit } from '../access/identity/edit.ts';
import type { IdentityState } from '../access/identity/state.ts';
import { rewrapKeys } from '../access/keys/keys.ts';
import { type RootKey, rewrapped, rootKeyOf } from '../access/keys/root-key.ts';
import { readRootSecrets, rootKeyFile } from '../access/keys/root-key-source.ts';
import { purposeOfAccessKey } from '../access/known-keys.ts';
import { sessionSecretPurpose } from '../access/session.ts';
import type { Edit } from '../catalog/edit.ts';
import type { CatalogState } from '../catalog/state.ts';
import { namesIn } from '../env/disk.ts';
import type { Env } from '../env/env.ts';
import type { Random } from '../env/random.ts';
import { StartError } from '../env/start-error.ts';
import type { FollowedControl } from '../gateway/control.ts';
import { KeyError } from '../log/log.ts';
import { engineOf, type ServerOptions } from './options.ts';

/** What secrets are wrapped with: in memory alone, and given to workers when they begin. */
export type Root = { readonly secrets: readonly Buffer[]; readonly key: RootKey };

/**
 * Reads the root key, or makes it, and has every secret of the journals wrapped with it: what is missing is
 * made, and what another root key wrapped, or none, is wrapped anew. Rejects with `StartError`, and has
 * changed nothing, when a secret cannot be unwrapped.
 */
export async function openSecrets(
  control: FollowedControl,
  options: SecretsOptions,
  env: Pick<Env, 'disk' | 'random'>,
): Promise<Root> {
  const secrets = await rootSecrets(control, options, env);
  const key = rootKeyOf(secrets, env.random);
  const place = engineOf(options) === 'kafka' ? `the cluster ${options.cluster}` : options.data;
  await openingWith(place, () => rewriteWith(control, key, env.random));
  return { secrets, key };
}

type SecretsOptions = Pick<ServerOptions, 'rootKey' | 'engine' | 'memory' | 'data' | 'cluster'>;

/** `place` is where the secrets are. */
async function openingWith(place: string, open: () => Promise<void>): Promise<void> {
  try {
    await open();
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
    throw new StartError(`the root key does not open the secrets in ${place}: ${error.message}`, {
      cause: error,
    });
  }
}

/**
 * All must be known before the first is done. Nothing of what was wrapped before stays in a journal's log.
 * Other servers may begin at the same time: what the first of them made is everyone's.
 */
async function rewriteWith(control: FollowedControl, root: RootKey, random: Random): Promise<void> {
  const { catalog, identity, keys } = control;
  catalogEdits(catalog.state, root, random);
  identityEdits(identity.state, root, random);
  rewrapKeys(keys.state, root);
  await catalog.rewrite((state) => catalogEdits(state, root, random));
  await identity.rewrite((state) => identityEdits(state, root, random));
  await keys.rewrite((state) => rewrapKeys(state, root));
}

/**
 * A key that a start made, and that a crash came after, has a name that may not be durable: it is made so
 * before anything is wrapped with it.
 */
async function rootSecrets(
  control: FollowedControl,
  { rootKey: source, memory, data }: Pick<ServerOptions, 'rootKey' | 'memory' | 'data'>,
  { disk, random }: Pick<Env, 'disk' | 'random'>,
): Promise<readonly Buffer[]> {
  const isOwn = source === undefined && !memory;
  if (isOwn && hasWrapped(control) && !(await namesIn(disk, '.')).includes(rootKeyFile)) {
    throw new StartError(
      `the secrets in ${data} are wrapped with a root key, which is gone: bring back ${data}/${rootKeyFile}, or name it with --root-key`,
    );
  }
  const secrets = await readRootSecrets(source, { disk, random, memory });
  if (isOwn) await disk.syncDirectory('.');
  return secrets;
}

function hasWrapped({ catalog, identity, keys }: FollowedControl): boolean {
  const { secret } = catalog.state;
  const { sessionSecret, accessKeys } = identity.state;
  const isWrapped = secret !== '' && !isClear(secret);
  const hasKeys = keys.state.keys.size > 0 || keys.state.servicesKey !== undefined;
  return isWrapped || sessionSecret !== '' || accessKeys.size > 0 || hasKeys;
}

/** What the catalog's secret is wrapped for. It is made once, and kept: iterators outlive a restart. */
export const catalogSecretPurpose = 'catalog-secret';

function catalogEdits({ secret }: CatalogState, root: RootKey, random: Random): Edit[] {
  if (secret !== '' && root.isCurrent(secret)) return [];
  const made = () => (secret === '' ? random.bytes(32) : Buffer.from(secret, 'hex'));
  const wrapped =
    secret === '' || isClear(secret)
      ? root.wrap(made(), catalogSecretPurpose)
      : rewrapped(root, secret, catalogSecretPurpose);
  return [{ kind: 'secret-made', secret: wrapped }];
}

/** As it was kept before there were root keys: 32 bytes in hex. */
function isClear(secret: string): boolean {
  return /^[0-9a-f]{64}$/.test(secret);
}

function identityEdits(
  { sessionSecret, accessKeys }: IdentityState,
  root: RootKey,
  random: Random,
): IdentityEdit[] {
  const edits: IdentityEdit[] = [];
  const secret =
    sessionSecret === ''
      ? root.wrap(random.bytes(32), sessionSecretPurpose)
      : rewrapped(root, sessionSecret, sessionSecretPurpose);
  if (secret !== sessionSecret) edits.push({ kind: 'session-secret-made', secret });
  for (const key of accessKeys.values()) {
    const secret = rewrapped(root, key.secret, purposeOfAccessKey(key.id));
    if (secret !== key.secret) edits.push({ kind: 'access-key-changed', key: { ...key, secret } });
  }
  return edits;
}
