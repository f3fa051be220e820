import type { Millis } from '../../env/clock.ts';
import type { Versioned } from '../../journal/state-machine.ts';

/** The keys of the built-in KMS, the names that they have besides their ids, and the server's own key. */
export type KeysState = Versioned & {
  /** By id. */
  readonly keys: ReadonlyMap<string, KmsKey>;
  readonly aliases: ReadonlyMap<AliasKey, Alias>;
  /** The same by the ids of keys that have any, as names. Follows from `aliases`. */
  readonly aliasNames: ReadonlyMap<string, readonly string[]>;
  /**
   * What wraps the data keys of the logs of services besides Kinesis: 32 bytes, wrapped by the root key for
   * `services`. Undefined until one of them has something to keep. No operation of KMS shows it, as with
   * AWS's own keys (KMS developer guide, "AWS owned keys").
   */
  readonly servicesKey: string | undefined;
};

/** A symmetric key for encryption, as AWS KMS knows it. */
export type KmsKey = KeyAddress &
  KeySettings & {
    readonly createdAt: Millis;
    /** AWS's own are made on first use, for one service, and cannot be changed. */
    readonly manager: 'CUSTOMER' | 'AWS';
    /** Its material over time; the last one encrypts, all of them decrypt. */
    readonly versions: readonly KeyVersion[];
  };

/** `id` is a UUID. */
export type KeyAddress = { readonly account: string; readonly region: string; readonly id: string };

/** What of a key can be changed. */
export type KeySettings = {
  readonly status: KeyStatus;
  /** When the key is deleted: a time if and only if it is in PendingDeletion. */
  readonly deletionAt: Millis | null;
  readonly description: string;
  /** The key policy, as it was put. */
  readonly policy: string;
  /** Sorted by key. */
  readonly tags: readonly KeyTag[];
  /** Null while the key is not rotated by itself. */
  readonly rotation: KeyRotation | null;
};

export type KeyStatus = 'Enabled' | 'Disabled' | 'PendingDeletion';

export type KeyTag = { readonly key: string; readonly value: string };

export type KeyRotation = { readonly periodDays: number; readonly nextAt: Millis };

export type KeyVersion = {
  /** 1 for the first, and rising. */
  readonly number: number;
  /** 32 bytes, wrapped by the root key for `kms/KEYID/NUMBER`. */
  readonly wrapped: string;
  readonly since: Millis;
  readonly cause: 'creation' | 'automatic' | 'on-demand';
};

/** A name in an account and a region, `alias/…`, for a key of the same. */
export type Alias = {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  /** The id of its key. */
  readonly key: string;
  readonly createdAt: Millis;
  readonly changedAt: Millis;
};

/** Names an alias in the state: account, region and name. */
export type AliasKey = string;

export const emptyKeys: KeysState = {
  version: 0,
  keys: new Map(),
  aliases: new Map(),
  aliasNames: new Map(),
  servicesKey: undefined,
};

export function aliasKeyOf({ account, region, name }: Pick<Alias, 'account' | 'region' | 'name'>): AliasKey {
  return `${account}/${region}/${name}`;
}

export function aliasNamesOf({ aliasNames }: KeysState, { id }: Pick<KmsKey, 'id'>): readonly string[] {
  return aliasNames.get(id) ?? none;
}

const none: readonly string[] = [];

/** What the material of a key's version is wrapped for. */
export function purposeOf(id: string, number: number): string {
  return `kms/${id}/${number}`;
}

/** What the key of the services' logs is wrapped for. */
export const servicesKeyPurpose = 'services';
