import type { Channel } from '../kinesis/channel.ts';
import type {
  Closing,
  Consumer,
  Shard,
  Stream,
  StreamChange,
  StreamLimits,
  StreamSettings,
} from '../kinesis/stream.ts';
import type { AccountKey, AccountSettings, ChannelKey, StreamKey } from './state.ts';

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
  /** A stream has limits of its own from now on, or those of the server. */
  | { readonly kind: 'limits-changed'; readonly key: StreamKey; readonly limits: StreamLimits | null }
  /** A consumer is there and looks like this from now on. */
  | { readonly kind: 'consumer-changed'; readonly key: StreamKey; readonly consumer: Consumer }
  | { readonly kind: 'consumer-removed'; readonly key: StreamKey; readonly name: string }
  /** A channel is there and looks like this from now on. */
  | { readonly kind: 'channel-changed'; readonly channel: Channel }
  | { readonly kind: 'channel-removed'; readonly channel: ChannelKey }
  | { readonly kind: 'account-changed'; readonly key: AccountKey; readonly account: AccountSettings }
  | { readonly kind: 'shards-expired'; readonly key: StreamKey; readonly shards: readonly number[] }
  /**
   * No new shard gets an index below `nextShard`: a log holds shards with such indices that the state has
   * lost.
   */
  | { readonly kind: 'shards-skipped'; readonly key: StreamKey; readonly nextShard: number }
  /**
   * The whole state, but for its channels, which follow as edits of their own: whatever came before is no
   * longer needed.
   */
  | {
      readonly kind: 'snapshot';
      readonly secret: string;
      readonly nextStream: number;
      readonly streams: readonly Stream[];
      readonly accounts: readonly (readonly [AccountKey, AccountSettings])[];
    };

/** A shard that takes no more records. */
export type ClosedShard = { readonly index: number; readonly closed: Closing };

/** Whether this program knows what an edit is about; a newer one may know more. */
export function isKnown(edit: Edit): boolean {
  if (!Object.hasOwn(editKinds, edit.kind)) return false;
  if (edit.kind === 'change-begun') return isKnownChange(edit.change);
  if (edit.kind === 'stream-created') return isKnownChange(edit.stream.change);
  return edit.kind !== 'snapshot' || edit.streams.every(({ change }) => isKnownChange(change));
}

function isKnownChange(change: StreamChange | undefined): boolean {
  return change === undefined || Object.hasOwn(changeKinds, change.kind);
}

const editKinds: Record<Edit['kind'], true> = {
  'secret-made': true,
  'stream-created': true,
  'change-begun': true,
  'shards-replaced': true,
  'stream-deleted': true,
  'settings-changed': true,
  'stream-settled': true,
  'limits-changed': true,
  'consumer-changed': true,
  'consumer-removed': true,
  'channel-changed': true,
  'channel-removed': true,
  'account-changed': true,
  'shards-expired': true,
  'shards-skipped': true,
  snapshot: true,
};

const changeKinds: Record<StreamChange['kind'], true> = {
  create: true,
  split: true,
  merge: true,
  scale: true,
  set: true,
  delete: true,
};
