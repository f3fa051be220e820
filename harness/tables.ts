import type { Answer } from './answer.ts';
import type { Lease, TablesModel } from './tables-model.ts';
import type { Work } from './workload.ts';

/** The tables of the workload: leases as KCL keeps them, and counters. */
export const leaseTable = 'leases';
export const counterTable = 'counters';
export const ownerIndex = 'LeaseOwnerToLeaseKeyIndex';

/** Few, so that clients meet. */
export const leaseNames = ['shard-0', 'shard-1', 'shard-2', 'shard-3'];
export const counterNames = ['east', 'west', 'north'];

/** An item as the wire has it, of the attributes that the workload writes. */
export type WireItem = {
  readonly leaseKey?: { readonly S: string };
  readonly leaseOwner?: { readonly S: string };
  readonly leaseCounter?: { readonly N: string };
  readonly checkpoint?: { readonly S: string };
  readonly total?: { readonly N: string };
  readonly ids?: { readonly SS: readonly string[] };
};

/** Asks for both tables until each is certainly there. */
export async function makeTables(work: Work): Promise<void> {
  for (const [name, creation] of Object.entries(creations)) {
    if (work.tables.made.has(name)) continue;
    const answer = await work.client.call('CreateTable', { TableName: name, ...creation });
    complainOfTable(work, answer, ['ResourceInUseException']);
    if (answer.kind === 'silence' || !(await isThere(work, name))) continue;
    work.tables.made.set(name, work.tables.moment());
  }
}

async function isThere(work: Work, TableName: string): Promise<boolean> {
  type Description = { readonly Table: { readonly TableStatus: string } };
  const answer = await work.client.call<Description>('DescribeTable', { TableName });
  complainOfTable(work, answer, ['ResourceNotFoundException']);
  return answer.kind === 'output' && answer.output.Table.TableStatus === 'ACTIVE';
}

/** A table of leases as KCL 3 makes it, whatever its name is. */
export const leaseTableShape = {
  AttributeDefinitions: [
    { AttributeName: 'leaseKey', AttributeType: 'S' },
    { AttributeName: 'leaseOwner', AttributeType: 'S' },
  ],
  KeySchema: [{ AttributeName: 'leaseKey', KeyType: 'HASH' }],
  BillingMode: 'PAY_PER_REQUEST',
  GlobalSecondaryIndexes: [
    {
      IndexName: ownerIndex,
      KeySchema: [
        { AttributeName: 'leaseOwner', KeyType: 'HASH' },
        { AttributeName: 'leaseKey', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
  ],
};

const creations = {
  [leaseTable]: leaseTableShape,
  [counterTable]: {
    AttributeDefinitions: [{ AttributeName: 'name', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'name', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  },
};

export function areMade({ made }: TablesModel): boolean {
  return made.has(leaseTable) && made.has(counterTable);
}

/**
 * Notes an error that a right request may not get. Answers whether it is one of `expected`, which say that
 * nothing was done and why.
 */
export function complainOfTable(
  { world, client }: Work,
  answer: Answer<unknown>,
  expected: readonly string[] = [],
): void {
  if (answer.kind !== 'error' || expected.includes(answer.type)) return;
  if (answer.type.startsWith('Internal') && world.isFaulty) return;
  world.violate(`${client.name} got ${answer.type}: ${answer.message}`);
}

/** The lease in an item; undefined when there is no item, or none with the attributes of a lease. */
export function leaseIn(work: Work, item: WireItem | undefined): Lease | undefined {
  if (item?.leaseKey === undefined) return undefined;
  const checkpoint = item.checkpoint?.S ?? '';
  const id = checkpoint.slice(0, checkpoint.indexOf(':'));
  if (checkpoint !== checkpointOf(id, checkpoint.length))
    work.world.violate(`altered: the checkpoint ${id} of ${item.leaseKey.S} is not what was sent`);
  return { owner: item.leaseOwner?.S ?? '', counter: Number(item.leaseCounter?.N), checkpoint: id };
}

/** The text of a checkpoint: its name, drawn out to a size. */
export function checkpointOf(id: string, size: number): string {
  return `${id}:`.padEnd(size, `${id}.`);
}
