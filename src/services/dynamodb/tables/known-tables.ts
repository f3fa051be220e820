import { strict as assert } from 'node:assert';
import type { Item } from '../values/attribute-value.ts';
import { decodeItem } from './encoded-item.ts';
import { keyIn, placeOf } from './places.ts';
import type { Table, TableName } from './table.ts';
import type { TableView } from './table-store.ts';
import type { TablesState } from './tables-state.ts';

/** A state of the tables as those see it who decide. */
export class KnownTables implements TableView {
  readonly #stateNow: () => TablesState;

  /** The state is asked for at each call. */
  constructor(stateNow: () => TablesState) {
    this.#stateNow = stateNow;
  }

  get tableCount(): number {
    return this.#stateNow().tableCount;
  }

  table(name: TableName): Table | undefined {
    return this.#stateNow().named(name);
  }

  tablesOf(account: string, region: string): readonly Table[] {
    // Names are ASCII.
    const byName = (one: Table, other: Table) => (one.name < other.name ? -1 : 1);
    return [...this.#stateNow().tablesOf(account, region)].sort(byName);
  }

  get(table: Table, key: Item): Item | undefined {
    const item = this.#stateNow().read(table.id, placeOfKey(table, key));
    return item && decodeItem(item.bytes);
  }

  has(table: Table, key: Item): boolean {
    return this.#stateNow().item(table.id, placeOfKey(table, key)) !== undefined;
  }
}

/** Where the item of a key is in its table. */
export function placeOfKey({ keySchema }: Table, key: Item): string {
  const values = keyIn(keySchema, key);
  assert(values !== undefined, 'a key has the attributes of the schema');
  return placeOf(values);
}
