import type { Millis } from '../../../env/clock.ts';
import type { KeySchema } from '../expressions/key-condition.ts';

/** Names a table. One that is deleted and made again has another `id`. */
export type TableName = { readonly account: string; readonly region: string; readonly name: string };

/**
 * All that is known of a table but its items. Plain data, which goes through JSON unchanged: what is absent
 * is left out. Never changed in place.
 */
export type Table = TableName & {
  /** A UUID, unique over all that ever had its name: AWS's `TableId`. */
  readonly id: string;
  /**
   * The store's upkeep goes on from there once the transition delay has passed since `statusSince`: what is
   * CREATING or UPDATING becomes ACTIVE, what is DELETING is dropped.
   */
  readonly status: TableStatus;
  readonly statusSince: Millis;
  readonly createdAt: Millis;
  readonly keySchema: KeySchema;
  /** In the order of the request that made them; those of the keys of table and indexes, no others. */
  readonly attributes: readonly AttributeDefinition[];
  /** In the order in which they were made. */
  readonly indexes: readonly SecondaryIndex[];
  readonly billing: Billing;
  readonly deletionProtection: boolean;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  readonly tableClass: 'STANDARD' | 'STANDARD_INFREQUENT_ACCESS';
  readonly timeToLive?: TimeToLive;
  readonly pointInTimeRecovery?: { readonly since: Millis; readonly days: number };
};

export type TableStatus = 'CREATING' | 'ACTIVE' | 'UPDATING' | 'DELETING';

export type AttributeDefinition = { readonly name: string; readonly type: 'S' | 'N' | 'B' };

/**
 * An index holds the items that have all attributes of its key, of the right types. It is filled from the
 * moment on at which a table that is committed names it. Upkeep makes one that is CREATING ACTIVE once every
 * item is in it, and leaves out one that is DELETING, likewise with a delay.
 */
export type SecondaryIndex = {
  readonly name: string;
  readonly kind: 'global' | 'local';
  readonly status: TableStatus;
  readonly statusSince: Millis;
  readonly keySchema: KeySchema;
  readonly projection: Projection;
  /** Of a global index of a PROVISIONED table. */
  readonly throughput?: Throughput;
};

/** `attributes` are those of INCLUDE, besides the keys of the index and of the table. */
export type Projection = {
  readonly type: 'ALL' | 'KEYS_ONLY' | 'INCLUDE';
  readonly attributes: readonly string[];
};

/** `since` is when the mode was set. */
export type Billing =
  | { readonly mode: 'PAY_PER_REQUEST'; readonly since: Millis }
  | { readonly mode: 'PROVISIONED'; readonly since: Millis; readonly throughput: Throughput };

export type Throughput = { readonly readUnits: number; readonly writeUnits: number };

/**
 * Items whose attribute is a number of seconds since the epoch that is past, by no more than five years, are
 * deleted within about a minute (AWS: "within a few days", developer guide, "Time to Live").
 */
export type TimeToLive = { readonly attribute: string; readonly isEnabled: boolean };
