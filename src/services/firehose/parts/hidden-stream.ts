import { isDeepStrictEqual } from 'node:util';
import type { Edit } from '../../../catalog/edit.ts';
import { type CatalogState, findStream, streamKeyOf } from '../../../catalog/state.ts';
import type { DeliveryStreamRecord } from '../../../delivery/state/delivery-stream.ts';
import type { Millis } from '../../../env/clock.ts';
import type { StreamAddress } from '../../../kinesis/arn.ts';
import { newStreamSettings, type Stream } from '../../../kinesis/stream.ts';

/**
 * The stream of the catalog that has what was put to a delivery stream: no request can name it, as its name
 * has a slash.
 */
export function hiddenAddressOf({ account, region, name }: StreamAddress): StreamAddress {
  return { account, region, name: `${hiddenPrefix}${name}` };
}

const hiddenPrefix = 'firehose/';

export function findHidden(state: CatalogState, of: StreamAddress): Stream | undefined {
  return findStream(state, hiddenAddressOf(of));
}

/** As it is made: one shard, kept for as long as a destination may be away. */
export function hiddenStream(
  state: CatalogState,
  of: DeliveryStreamRecord,
  now: Millis,
  usualKey: string | null,
): Stream {
  return {
    ...hiddenAddressOf(of),
    id: String(state.nextStream),
    status: 'CREATING',
    createdAt: now,
    ...newStreamSettings,
    retentionHours: hiddenRetentionHours,
    encryptionKey: keyOf(of) ?? usualKey,
    tags: tagsOf(of),
    shards: [],
    nextShard: 0,
    consumers: [],
    change: { kind: 'create', since: now, shardCount: 1 },
  };
}

/** What policies ask about in a worker, which knows of the hidden stream alone. */
export function tagsOf({ tags }: Pick<DeliveryStreamRecord, 'tags'>): Stream['tags'] {
  return tags.map(([key, value]) => ({ key, value }));
}

/** The edit that has a hidden stream say what is kept of its delivery stream; none where it does. */
export function editsOfHiddenTags(state: CatalogState, of: DeliveryStreamRecord): Edit[] {
  const hidden = findHidden(state, of);
  const tags = tagsOf(of);
  if (hidden === undefined || isDeepStrictEqual(hidden.tags, tags)) return [];
  return [{ kind: 'settings-changed', key: streamKeyOf(hidden), settings: { tags } }];
}

/** Seven days; AWS keeps what it cannot deliver for 24 hours. */
const hiddenRetentionHours = 168;

/** The key that what is put is encrypted with, as the catalog names it. */
export function keyOf({ encryption }: Pick<DeliveryStreamRecord, 'encryption'>): string | null {
  const { status, keyType, keyArn } = encryption;
  if (keyType === undefined || status === 'DISABLED' || status === 'DISABLING') return null;
  return keyType === 'AWS_OWNED_CMK' ? ownedKey : (keyArn ?? ownedKey);
}

/** The service's own key, which is there without being made. */
const ownedKey = 'alias/aws/kinesis';

/** The edit that has a hidden stream go, with all that was not delivered; none where it goes already. */
export function editsOfHiddenGone(state: CatalogState, of: StreamAddress, now: Millis): Edit[] {
  const hidden = findHidden(state, of);
  if (hidden === undefined || hidden.status === 'DELETING') return [];
  return [{ kind: 'change-begun', key: streamKeyOf(hidden), change: { kind: 'delete', since: now } }];
}

/** Whether a stream has what was put to a delivery stream. */
export function isOfDeliveryStream({ name }: Pick<Stream, 'name'>): boolean {
  return name.startsWith(hiddenPrefix);
}

/** The delivery stream that a hidden stream is of. */
export function ownerOfHidden({ account, region, name }: StreamAddress): StreamAddress {
  return { account, region, name: name.slice(hiddenPrefix.length) };
}
