import type { Random } from '../../env/random.ts';
import { DataKey, type DataKeys, EncryptingKey, type Wrapping } from '../../log/data-keys.ts';
import { DamagedError, KeyError } from '../../log/log.ts';
import type { Keys } from './keys.ts';
import { type RootKey, rootKeyOf } from './root-key.ts';
import { type KeysState, servicesKeyPurpose } from './state.ts';

/** Where a server has the key of its services, and what that is wrapped with. */
type ServiceKeysParts = {
  readonly keys: Pick<Keys, 'state' | 'commit'>;
  readonly root: RootKey;
  readonly random: Random;
};

/**
 * The data keys of the logs in which services besides Kinesis keep what they hold: all of it is encrypted. A
 * key of the server's own wraps them, which the journal of keys has, wrapped by the root key: so another root
 * key means to wrap one key anew, and no log. It is made before the first record is. Each log has a data key
 * of its own from each start on, which wraps only for that log.
 */
export class ServiceKeys implements DataKeys {
  readonly #parts: ServiceKeysParts;
  /** By the log's name. */
  readonly #current = new Map<string, EncryptingKey>();

  constructor(parts: ServiceKeysParts) {
    this.#parts = parts;
  }

  current(log: string): EncryptingKey | Promise<EncryptingKey> {
    const known = this.#current.get(log);
    if (known !== undefined && !known.isSpent) return known;
    return this.#parts.keys.state.servicesKey === undefined ? this.#makeFirst(log) : this.#make(log);
  }

  open(wrapping: Wrapping, log: string): DataKey {
    return openServiceKey(this.#parts.keys.state, this.#parts.root, wrapping, log);
  }

  async #makeFirst(log: string): Promise<EncryptingKey> {
    const { keys, root, random } = this.#parts;
    const wrapped = root.wrap(random.bytes(keyBytes), servicesKeyPurpose);
    await keys.commit(({ servicesKey }) =>
      servicesKey === undefined ? [{ kind: 'services-key-wrapped', wrapped }] : [],
    );
    return this.current(log);
  }

  #make(log: string): EncryptingKey {
    const { keys, root, random } = this.#parts;
    const secret = random.bytes(keyBytes);
    const text = wrapperOf(keys.state, root, random).wrap(secret, purposeOf(log));
    const key = new EncryptingKey(dataKeyOf({ arn: wrapperName, wrapped: Buffer.from(text) }, secret));
    this.#current.set(log, key);
    return key;
  }
}

/**
 * The data key of a log that is in a wrapping. Throws `DamagedError` when it was not wrapped for this log by
 * the key of the services, or there is none, and `KeyError` when the root key of that is missing.
 */
export function openServiceKey(state: KeysState, root: RootKey, wrapping: Wrapping, log: string): DataKey {
  const wrapper = wrapperOf(state, root, nothingRandom);
  try {
    return dataKeyOf(wrapping, wrapper.unwrap(wrapping.wrapped.toString('latin1'), purposeOf(log)));
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
    throw new DamagedError(
      `a data key of services/${log} was not wrapped for it by the key of the services in the journal of keys.`,
      { cause: error },
    );
  }
}

/** A data key is wrapped in the form in which the root key wraps, by the key of the services instead. */
function wrapperOf({ servicesKey }: KeysState, root: RootKey, random: Random): RootKey {
  if (servicesKey === undefined) throw new DamagedError('the journal of keys has no key of the services.');
  const secret = root.unwrap(servicesKey, servicesKeyPurpose);
  const wrapper = rootKeyOf([secret], random);
  secret.fill(0);
  return wrapper;
}

/** The secret is of no use any more then. */
function dataKeyOf(wrapping: Wrapping, secret: Buffer): DataKey {
  const key = new DataKey(wrapping, secret);
  secret.fill(0);
  return key;
}

/** Nothing is wrapped with it. */
const nothingRandom: Random = {
  bytes() {
    throw new Error('What only opens needs nothing random.');
  },
};

function purposeOf(log: string): string {
  return `${servicesKeyPurpose}/${log}`;
}

/** Stands in the log for the ARN that a KMS key would have. */
const wrapperName = 'services';
const keyBytes = 32;
