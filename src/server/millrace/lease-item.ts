import { parseShardId } from '../../kinesis/shard-id.ts';
import type { AttributeValue, Item } from '../../services/dynamodb/values/attribute-value.ts';
import type { Lease } from '../../services/millrace/parts/lease-table.ts';

/** What an item of a lease table is; undefined for another kind: a lock, metrics of workers, a migration. */
export type LeaseItem =
  | { readonly kind: 'lease'; readonly lease: Lease }
  | { readonly kind: 'stream'; readonly name: string };

/** The hash key of tables of leases, of the KCL of all versions (`LEASE_KEY_KEY` of its lease serializer). */
export const leaseKeyName = 'leaseKey';

/**
 * Reads an item by the attributes of the KCL's lease serializers (awslabs/amazon-kinesis-client,
 * `DynamoDBLeaseSerializer`, `DynamoDBMultiStreamLeaseSerializer`). Since 3.5 one table has all that an
 * application keeps, and `entityType` says what an item is; a lease need not say it.
 */
export function leaseItemIn(item: Item): LeaseItem | undefined {
  const key = textOf(item['leaseKey']);
  if (key === undefined) return undefined;
  const type = textOf(item['entityType']);
  if (type === 'STREAM') return { kind: 'stream', name: key };
  const checkpoint = textOf(item['checkpoint']);
  if (checkpoint === undefined || (type !== undefined && type !== 'LEASE')) return undefined;
  const at = key.lastIndexOf(':');
  const shard = parseShardId(textOf(item['shardId']) ?? key.slice(at + 1));
  if (shard === undefined) return undefined;
  const stream = textOf(item['streamName']) ?? (at === -1 ? undefined : key.slice(0, at));
  const first = textOf(item['startingHashKey']);
  const last = textOf(item['endingHashKey']);
  return {
    kind: 'lease',
    lease: {
      ...{ shard, stream, owner: textOf(item['leaseOwner']), checkpoint },
      counter: numberOf(item['leaseCounter']),
      range: first === undefined || last === undefined ? undefined : { first, last },
    },
  };
}

function textOf(value: AttributeValue | undefined): string | undefined {
  return value !== undefined && 'S' in value ? value.S : undefined;
}

function numberOf(value: AttributeValue | undefined): number {
  return value !== undefined && 'N' in value ? Number(value.N) : 0;
}
