import { type Condition, holds } from '../expressions/condition.ts';
import { type Projection, project } from '../expressions/projection.ts';
import type { SecondaryIndex, Table } from '../tables/table.ts';
import type { StoredItem } from '../tables/table-store.ts';
import { emptyItem, type Item } from '../values/attribute-value.ts';
import { sizeOf } from '../values/size.ts';
import { projected, readUnits, type Units } from './capacity.ts';
import { partsOf } from './key-check.ts';
import { operatorsIn } from './select.ts';

/** Where a Query or a Scan looks, and what it answers of what it finds. */
export type Search = {
  readonly table: Table;
  readonly index: SecondaryIndex | undefined;
  readonly filter: Condition | undefined;
  readonly projection: Projection | undefined;
  /** Whether only the number of items is wanted. */
  readonly isCount: boolean;
  /** Whether a local index is to answer what it does not have, from the table. */
  readonly fetches: boolean;
  readonly isConsistent: boolean;
  readonly limit: number | undefined;
};

/** One page of what was found. */
export type Page = {
  readonly items: Item[];
  readonly count: number;
  readonly scanned: number;
  /** The key of the last item that was looked at, where the page ended before the end. */
  readonly last: Item | undefined;
  readonly units: Units;
};

/** What is looked at for one page, found or not (developer guide, "Paginating table query results"). */
const pageBytesMax = 1024 * 1024;

/**
 * What of a page is looked at in one go, in bytes: a few milliseconds. An operator of a filter, and an item
 * as such, count as so many more.
 */
const turnBytesMax = 64 * 1024;
const operatorBytes = 30;
const itemBytes = 100;

/** Looks at items, a turn after the other, until there are enough, or none any more. */
export interface Walk {
  /** What comes after a place, or after where the request has the page begin. */
  found(after: Item | undefined): Iterable<StoredItem>;
  /**
   * Lets others work. Rejects with ResourceNotFoundException when the table, or the index, is not the same
   * any more.
   */
  turn(): Promise<void>;
}

/** A page of what a walk comes by. */
export async function pageOf(walk: Walk, search: Search): Promise<Page> {
  const { table, index, filter, projection, isCount, fetches, isConsistent, limit } = search;
  const isPartial = index !== undefined && index.projection.type !== 'ALL';
  const items: Item[] = [];
  let count = 0;
  let scanned = 0;
  let bytes = 0;
  let fetchedUnits = 0;
  let last: Item | undefined;
  const perItem = itemBytes + operatorBytes * operatorsIn(filter);
  let work = 0;
  let found = walk.found(undefined)[Symbol.iterator]();
  for (;;) {
    const next = found.next();
    if (next.done === true) break;
    const stored = next.value;
    scanned++;
    if (isCount && filter === undefined && !isPartial) {
      count++;
      bytes += stored.size;
    } else {
      const { item } = stored;
      const entry = isPartial ? projected(table, index, item) : item;
      bytes += isPartial ? sizeOf(entry) : stored.size;
      if (fetches) fetchedUnits += readUnits(stored.size, isConsistent);
      const seen = fetches ? item : entry;
      if (filter === undefined || holds(filter, seen)) {
        count++;
        if (!isCount) items.push(projection === undefined ? seen : project(projection, seen));
      }
    }
    if (scanned === limit || bytes >= pageBytesMax) {
      last = placeOf(table, index, stored.item);
      break;
    }
    work += stored.size + perItem;
    if (work < turnBytesMax) continue;
    work = 0;
    // An item may be changed in place meanwhile.
    const place = placeOf(table, index, stored.item);
    await walk.turn();
    found = walk.found(place)[Symbol.iterator]();
  }
  const units = readUnits(bytes, isConsistent);
  const used = index === undefined ? { table: units, indexes: none } : ofIndex(index, units, fetchedUnits);
  return { items, count, scanned, last, units: used };
}

const none: Units['indexes'] = new Map();

function ofIndex({ name }: SecondaryIndex, units: number, table: number): Units {
  return { table, indexes: new Map([[name, units]]) };
}

/** The keys of the table and of the index: where the next page begins after. */
function placeOf(table: Table, index: SecondaryIndex | undefined, item: Item): Item {
  const place = emptyItem();
  for (const { name } of partsOf(table.keySchema)) place[name] = item[name]!;
  for (const { name } of index === undefined ? [] : partsOf(index.keySchema)) place[name] = item[name]!;
  return place;
}
