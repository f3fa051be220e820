import type { Random } from '../../env/random.ts';
import { KeyError } from '../../log/log.ts';
import { findKey, formatAliasArn, formatKeyArn, type KeyName, parseKeyName } from './key-arn.ts';
import { type KeyCipher, keyIdIn } from './key-cipher.ts';
import type { EncryptionContext, GeneratedKey, KeyFacts, KeyScope, KeyService } from './key-service.ts';
import { kinesisAlias } from './new-key.ts';
import type { KeysState, KmsKey } from './state.ts';

/**
 * What the built-in KMS needs in a thread. `makeKinesisKey` makes the key behind `alias/aws/kinesis`
 * (`kinesisKey`), which only the owner of the journal can; in a worker it is absent, and the alias is missing
 * there until a call at the owner has used it.
 */
export type LocalKeysWorld = {
  readonly keys: { readonly state: KeysState };
  readonly cipher: KeyCipher;
  readonly random: Random;
  readonly makeKinesisKey?: ((scope: KeyScope) => Promise<KmsKey>) | undefined;
};

/** The built-in KMS, for the server's own streams: in any thread, without permissions. */
export class LocalKeys implements KeyService {
  readonly #world: LocalKeysWorld;

  constructor(world: LocalKeysWorld) {
    this.#world = world;
  }

  async describe(named: string, scope: KeyScope): Promise<KeyFacts> {
    const { keys, makeKinesisKey } = this.#world;
    const name = parseKeyName(named, scope);
    const found = name === undefined ? undefined : findKey(keys.state, name);
    // Nobody has a key made in another account.
    const isOwn = name?.account === scope.account;
    const isDefault = isOwn && name.kind === 'alias' && name.name === kinesisAlias;
    const key = found ?? (isDefault ? await makeKinesisKey?.(name) : undefined);
    if (key === undefined) throw new KeyError(notFound(named, name), 'missing');
    return { arn: formatKeyArn(key), isEnabled: key.status === 'Enabled' };
  }

  async generateDataKey(keyArn: string, context: EncryptionContext): Promise<GeneratedKey> {
    const { cipher, random } = this.#world;
    const key = this.#usable(keyArn);
    // A page of random bytes may be shared: a secret is given away whole.
    const secret = Buffer.from(random.bytes(dataKeyBytes));
    return { arn: keyArn, secret, wrapped: cipher.encrypt(key, secret, context) };
  }

  async decrypt(wrapped: Buffer, context: EncryptionContext): Promise<{ arn: string; secret: Buffer }> {
    const { keys, cipher } = this.#world;
    const id = keyIdIn(wrapped);
    if (id === undefined) throw new KeyError('a wrapped key is of no form that is known', 'denied');
    const key = keys.state.keys.get(id);
    if (key === undefined) throw new KeyError(`key ${id} does not exist`, 'missing');
    requireEnabled(key);
    const secret = cipher.decrypt(key, wrapped, context);
    if (secret === undefined) throw new KeyError(`key ${id} has not wrapped this for its use`, 'denied');
    return { arn: formatKeyArn(key), secret };
  }

  troubleOf(keyArn: string): KeyError | undefined {
    const key = keyOfArn(this.#world.keys.state, keyArn);
    return key === undefined ? missing(keyArn) : troubleWith(key);
  }

  #usable(arn: string): KmsKey {
    const key = keyOfArn(this.#world.keys.state, arn);
    if (key === undefined) throw missing(arn);
    requireEnabled(key);
    return key;
  }
}

const dataKeyBytes = 32;

/** In AWS KMS's words. */
function notFound(named: string, name: KeyName | undefined): string {
  if (name === undefined) return `Invalid keyId '${named}'`;
  return name.kind === 'alias'
    ? `Alias ${formatAliasArn(name)} is not found.`
    : `Key '${formatKeyArn(name)}' does not exist`;
}

/** The key of an ARN, which is not an alias's; undefined when there is none. */
export function keyOfArn(state: KeysState, arn: string): KmsKey | undefined {
  const name = arn.startsWith('arn:') ? parseKeyName(arn, { account: '', region: '' }) : undefined;
  return name?.kind === 'key' ? findKey(state, name) : undefined;
}

function missing(arn: string): KeyError {
  return new KeyError(`Key '${arn}' does not exist`, 'missing');
}

/** KeyError unless the key may encrypt and decrypt. */
function requireEnabled(key: KmsKey): void {
  const trouble = troubleWith(key);
  if (trouble !== undefined) throw trouble;
}

function troubleWith(key: KmsKey): KeyError | undefined {
  if (key.status === 'Disabled') return new KeyError(`${formatKeyArn(key)} is disabled.`, 'disabled');
  if (key.status === 'PendingDeletion') {
    return new KeyError(`${formatKeyArn(key)} is pending deletion.`, 'pending deletion');
  }
  return undefined;
}
