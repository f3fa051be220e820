import type { OutputOf } from '../../../wire/shape.ts';
import type { SecondaryIndex, Table } from '../tables/table.ts';
import { emptyItem, type Item } from '../values/attribute-value.ts';
import { equal } from '../values/equality.ts';
import { sizeOf } from '../values/size.ts';
import type { consumedCapacity } from './item-shapes.ts';
import { partsOf } from './key-check.ts';

/** What a request used of a table and of its indexes, in units of AWS's. */
export type Units = {
  readonly table: number;
  /** By the index's name; one that was not used is not there. */
  readonly indexes: ReadonlyMap<string, number>;
};

export type CapacityKind = 'INDEXES' | 'TOTAL' | 'NONE' | undefined;

/** A read unit is 4 KiB, a write unit 1 KiB (developer guide, "Read and write operations"). */
const readUnitBytes = 4 * 1024;
const writeUnitBytes = 1024;

/** What reading so many bytes in one go takes: half as much unless the read is consistent. */
export function readUnits(bytes: number, isConsistent: boolean | undefined): number {
  const units = Math.max(1, Math.ceil(bytes / readUnitBytes));
  return isConsistent === true ? units : units / 2;
}

/** What a write took: of the table by the larger of the two items, of each index by what changed in it. */
export function unitsOfWrite(table: Table, before: Item | undefined, after: Item | undefined): Units {
  const indexes = new Map<string, number>();
  for (const index of table.indexes) {
    const units = unitsOfIndex(table, index, before, after);
    if (units > 0) indexes.set(index.name, units);
  }
  return { table: writeUnits(Math.max(sizeOfMaybe(before), sizeOfMaybe(after))), indexes };
}

function unitsOfIndex(
  table: Table,
  index: SecondaryIndex,
  before: Item | undefined,
  after: Item | undefined,
): number {
  const old = before && entryOf(table, index, before);
  const fresh = after && entryOf(table, index, after);
  if (old === undefined || fresh === undefined) {
    const entry = old ?? fresh;
    return entry === undefined ? 0 : writeUnits(sizeOf(entry));
  }
  const isMoved = partsOf(index.keySchema).some(({ name }) => !equal(old[name]!, fresh[name]!));
  if (isMoved) return writeUnits(sizeOf(old)) + writeUnits(sizeOf(fresh));
  const isSame = equal({ M: old }, { M: fresh });
  return isSame ? 0 : writeUnits(Math.max(sizeOf(old), sizeOf(fresh)));
}

/** What an index has of an item; undefined when the item is not in it. */
export function entryOf(table: Table, index: SecondaryIndex, item: Item): Item | undefined {
  const { keySchema, projection } = index;
  if (partsOf(keySchema).some(({ name }) => item[name] === undefined)) return undefined;
  return projection.type === 'ALL' ? item : projected(table, index, item);
}

/** The attributes of an item that an index has: both keys, and what it includes. */
export function projected(table: Table, { keySchema, projection }: SecondaryIndex, item: Item): Item {
  const entry = emptyItem();
  for (const { name } of [...partsOf(table.keySchema), ...partsOf(keySchema)]) entry[name] = item[name]!;
  for (const name of projection.attributes) {
    const value = item[name];
    if (value !== undefined) entry[name] = value;
  }
  return entry;
}

function sizeOfMaybe(item: Item | undefined): number {
  return item === undefined ? 0 : sizeOf(item);
}

function writeUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / writeUnitBytes));
}

/** The same for a transaction, which prepares and then commits. */
export function doubled({ table, indexes }: Units): Units {
  return { table: 2 * table, indexes: new Map([...indexes].map(([name, units]) => [name, 2 * units])) };
}

export function sum(a: Units, b: Units): Units {
  const indexes = new Map(a.indexes);
  for (const [name, units] of b.indexes) indexes.set(name, (indexes.get(name) ?? 0) + units);
  return { table: a.table + b.table, indexes };
}

type Consumed = OutputOf<typeof consumedCapacity>;

/**
 * What the answer says of it; undefined where the request does not ask. `direction` is what transactions say
 * besides.
 */
export function viewUnits(
  kind: CapacityKind,
  table: Table,
  units: () => Units,
  direction?: 'Read' | 'Write',
): Consumed | undefined {
  if (kind === undefined || kind === 'NONE') return undefined;
  const { table: own, indexes } = units();
  const total = [...indexes.values()].reduce((all, each) => all + each, own);
  const said = (count: number) => ({
    CapacityUnits: count,
    ...(direction && { [`${direction}CapacityUnits`]: count }),
  });
  const consumed = { TableName: table.name, ...said(total) };
  if (kind === 'TOTAL') return consumed;
  const of = (wanted: SecondaryIndex['kind']) => {
    const used = table.indexes.filter(({ name, kind: its }) => its === wanted && indexes.has(name));
    if (used.length === 0) return undefined;
    return Object.fromEntries(used.map(({ name }) => [name, said(indexes.get(name)!)]));
  };
  return {
    ...consumed,
    Table: said(own),
    LocalSecondaryIndexes: of('local'),
    GlobalSecondaryIndexes: of('global'),
  };
}
