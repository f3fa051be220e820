import type { Clock } from '../../env/clock.ts';
import type { Table } from '../../services/dynamodb/tables/table.ts';
import type { TableStore } from '../../services/dynamodb/tables/table-store.ts';
import type { Item } from '../../services/dynamodb/values/attribute-value.ts';
import type { Lease, LeaseTable } from '../../services/millrace/parts/lease-table.ts';
import type { Scope } from '../../services/millrace/sights-world.ts';
import { leaseItemIn, leaseKeyName } from './lease-item.ts';

export type LeaseLimits = {
  readonly tablesMax: number;
  /** Of one table. */
  readonly leasesMax: number;
  /** Of all tables together. */
  readonly allLeasesMax: number;
};

const leaseLimits: LeaseLimits = { tablesMax: 1_000, leasesMax: 10_000, allLeasesMax: 20_000 };

/**
 * The leases of all applications of the KCL in an account and region: what has the key of such a table, and a
 * lease in it. Reads in steps, so that nothing else waits for long.
 */
export async function leaseTablesIn(
  store: TableStore,
  { account, region }: Scope,
  clock: Pick<Clock, 'turn'>,
  { tablesMax, leasesMax, allLeasesMax }: LeaseLimits = leaseLimits,
): Promise<LeaseTable[]> {
  const tables = store.tablesOf(account, region).filter(isLeaseTable).slice(0, tablesMax);
  const found: LeaseTable[] = [];
  let left = allLeasesMax;
  for (const table of tables) {
    const read = await leaseTableOf(store, table, clock, Math.min(leasesMax, left));
    if (read.leases.length === 0 && !read.isCut) continue;
    left -= read.leases.length;
    found.push(read);
  }
  return found;
}

function isLeaseTable({ keySchema, attributes }: Table): boolean {
  const { hash, range } = keySchema;
  const isText = attributes.some(({ name, type }) => name === leaseKeyName && type === 'S');
  return hash.name === leaseKeyName && range === undefined && isText;
}

async function leaseTableOf(
  store: TableStore,
  table: Table,
  clock: Pick<Clock, 'turn'>,
  leasesMax: number,
): Promise<LeaseTable> {
  const leases: Lease[] = [];
  const streams: string[] = [];
  let isCut = false;
  for await (const item of itemsOf(store, table, clock)) {
    const read = leaseItemIn(item);
    if (read?.kind === 'stream') streams.push(read.name);
    if (read?.kind !== 'lease') continue;
    isCut = leases.length >= leasesMax;
    if (isCut) break;
    leases.push(read.lease);
  }
  return { application: table.name, tableId: table.id, leases, streams, isCut };
}

/**
 * A step holds as long as nothing is awaited; after it the scan goes on behind the last key, as DynamoDB's
 * does.
 */
async function* itemsOf(store: TableStore, table: Table, clock: Pick<Clock, 'turn'>): AsyncGenerator<Item> {
  let after: Item | undefined;
  do {
    const step: Item[] = [];
    for (const stored of store.scan(table, { after })) {
      step.push(stored.item);
      if (step.length === itemsPerStep) break;
    }
    yield* step;
    const last = step.at(-1)?.[leaseKeyName];
    after = step.length === itemsPerStep && last !== undefined ? { [leaseKeyName]: last } : undefined;
    await clock.turn();
  } while (after !== undefined);
}

/** One to two milliseconds. */
const itemsPerStep = 250;
