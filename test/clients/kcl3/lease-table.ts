import assert from 'node:assert/strict';
import {
  type AttributeValue,
  type DynamoDBClient,
  ListTablesCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import type { Heard } from '../heard.ts';

/** A shard's lease: where its owner is with it. */
export type Lease = { readonly owner: string | undefined; readonly checkpoint: string };

/** What an application keeps of itself: in one table, as KCL 3.5 does by default. */
export type LeaseTable = {
  readonly tables: readonly string[];
  /** By shard. */
  readonly leases: ReadonlyMap<string, Lease>;
  /** The keys of its other items: the leader's lock, workers' metrics. */
  readonly others: readonly string[];
};

export async function leaseTable(client: DynamoDBClient, application: string): Promise<LeaseTable> {
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  const { Items = [] } = await client.send(new ScanCommand({ TableName: application, ConsistentRead: true }));
  const isLease = (item: Record<string, AttributeValue>) => item['checkpoint'] !== undefined;
  const leases = Items.filter(isLease).map((item): [string, Lease] => [
    textOf(item, 'leaseKey')!,
    { owner: textOf(item, 'leaseOwner'), checkpoint: textOf(item, 'checkpoint')! },
  ]);
  const others = Items.filter((item) => !isLease(item)).map((item) => textOf(item, 'leaseKey')!);
  return { tables: TableNames, leases: new Map(leases), others };
}

function textOf(item: Record<string, AttributeValue>, name: string): string | undefined {
  return item[name]?.S;
}

/** Demands that none is behind: the lease of a shard that ended says so, of any other its last record. */
export function noneBehind({ leases }: LeaseTable, heardBy: readonly (readonly Heard[])[]): void {
  const last = new Map<string, string>();
  for (const heard of heardBy.flat().sort((one, other) => one.at - other.at)) {
    if (heard.what === 'end') last.set(heard.shard, 'SHARD_END');
    if (heard.what === 'record' && last.get(heard.shard!) !== 'SHARD_END') {
      last.set(heard.shard!, String(heard.sequenceNumber));
    }
  }
  const behind = [...leases].filter(
    ([shard, { checkpoint }]) => (last.get(shard) ?? checkpoint) !== checkpoint,
  );
  assert.deepEqual(behind, [], 'leases that are behind what was processed');
}

/** Demands that every lease is still there, and where it was or further. */
export function noneLost(before: LeaseTable, after: LeaseTable): void {
  for (const [shard, { checkpoint }] of before.leases) {
    const now = after.leases.get(shard)?.checkpoint;
    assert.ok(
      now !== undefined && placeOf(now) >= placeOf(checkpoint),
      `${shard}: ${checkpoint}, then ${now}`,
    );
  }
}

function placeOf(checkpoint: string): bigint {
  if (checkpoint === 'TRIM_HORIZON') return -1n;
  return checkpoint === 'SHARD_END' ? 1n << 200n : BigInt(checkpoint);
}
