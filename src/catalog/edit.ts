import type { Closing, Consumer, Shard, Stream, StreamChange, StreamSettings } from '../kinesis/stream.ts';
import type { AccountKey, AccountSettings, StreamKey } from './state.ts';

/**
 * A fact about the control plane, as journalled: what became true, not what was asked for. An old journal
 * never meets a new validation rule.
 */
export type Edit =
  | { readonly kind: 'secret-made'; readonly secret: string }
  /** The stream stands in CREATING; its id uses up `nextStream`. */
  | { readonly kind: 'stream-created'; readonly stream: Stream }
  /** The intent. The stream is UPDATING, or DELETING, until the edit that fulfils it. */
  | { readonly kind: 'change-begun'; readonly key: StreamKey; readonly change: StreamChange }
  /** Fulfils a create, split, merge or scale: the stream is ACTIVE. */
  | {
      readonly kind: 'shards-replaced';
      readonly key: StreamKey;
      readonly closed: readonly ClosedShard[];
      readonly opened: readonly Shard[];
    }
  /** Fulfils a delete. */
  | { readonly kind: 'stream-deleted'; readonly key: StreamKey }
  /** These settings are so from now on. */
  | { readonly kind: 'settings-changed'; readonly key: StreamKey; readonly settings: Partial<StreamSettings> }
  /** Fulfils a change of settings: they are so, and the stream is ACTIVE. */
  | { readonly kind: 'stream-settled'; readonly key: StreamKey; readonly settings: Partial<StreamSettings> }
  /** A consumer is there and looks like this from now on. */
  | { readonly kind: 'consumer-changed'; readonly key: StreamKey; readonly consumer: Consumer }
  | { readonly kind: 'consumer-removed'; readonly key: StreamKey; readonly name: string }
  | { readonly kind: 'account-changed'; readonly key: AccountKey; readonly account: AccountSettings }
  | { readonly kind: 'shards-expired'; readonly key: StreamKey; readonly shards: readonly number[] }
  /** The whole state: whatever came before is no longer needed. */
  | {
      readonly kind: 'snapshot';
      readonly secret: string;
      readonly nextStream: number;
      readonly streams: readonly Stream[];
      readonly accounts: readonly (readonly [AccountKey, AccountSettings])[];
    };

/** A shard that takes no more records. */
export type ClosedShard = { readonly index: number; readonly closed: Closing };

/**
 * JSON, with a bigint as `{"bigint":"…"}`. No key in it comes from a user, so nothing else looks like that.
 */
export function encodeEdit(edit: Edit): Buffer {
  return Buffer.from(
    JSON.stringify(edit, (_, value) => (typeof value === 'bigint' ? { bigint: String(value) } : value)),
  );
}

/** The inverse of `encodeEdit`. */
export function decodeEdit(bytes: Uint8Array): Edit {
  return restore(JSON.parse(Buffer.from(bytes).toString())) as Edit;
}

/**
 * Restores bigints in place: as a reviver of JSON.parse it takes twice as long, at each start for all shards.
 */
function restore(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const members = value as Record<string, unknown>;
  if (typeof members['bigint'] === 'string') return BigInt(members['bigint']);
  for (const name in members) members[name] = restore(members[name]);
  return members;
}
