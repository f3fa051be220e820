import { strict as assert } from 'node:assert';
import type { Offset } from '../../../kinesis/record.ts';
import type { HeldEdit } from './edit.ts';
import type { RoomCount } from './held-index.ts';
import { HeldTable } from './held-table.ts';
import type { Table, TableName } from './table.ts';
import type { KnownItem, TablesState } from './tables-state.ts';

/** The tables in memory, which commits change in place: a commit costs what it changes, not what there is. */
export class HeldTables implements TablesState {
  version = 0;
  readonly #tables = new Map<string, HeldTable>();
  /** By account and region, then by name. */
  readonly #named = new Map<string, Map<string, HeldTable>>();
  readonly #room: RoomCount = { bytes: 0 };
  #inLogBytes = 0;

  get held(): HeldTables {
    return this;
  }

  get all(): IterableIterator<HeldTable> {
    return this.#tables.values();
  }

  get tableCount(): number {
    return this.#tables.size;
  }

  get roomBytes(): number {
    return this.#room.bytes;
  }

  /** What all that is known would take in the log. */
  get inLogBytes(): number {
    return this.#inLogBytes;
  }

  /** The ids of tables of which only items are known: where a replay has come to its end, there are none. */
  *unknownTables(): Generator<string> {
    for (const [id, { definition }] of this.#tables) if (definition === undefined) yield id;
  }

  heldTable(id: string): HeldTable | undefined {
    return this.#tables.get(id);
  }

  table(id: string): Table | undefined {
    return this.#tables.get(id)?.definition;
  }

  named(name: TableName): Table | undefined {
    return this.#named.get(scopeOf(name))?.get(name.name)?.definition;
  }

  tablesOf(account: string, region: string): readonly Table[] {
    const tables = this.#named.get(scopeOf({ account, region }))?.values() ?? [];
    return [...tables].map(({ definition }) => definition!);
  }

  item(id: string, place: string): KnownItem | undefined {
    return this.#tables.get(id)?.items.get(place);
  }

  read(id: string, place: string): KnownItem | undefined {
    return this.item(id, place);
  }

  /** `at` is the record that says it. */
  apply(edit: HeldEdit, at: Offset): void {
    if (edit.kind === 'table-dropped') {
      this.#drop(edit.id);
      return;
    }
    const id = edit.kind === 'table-put' ? edit.table.id : edit.id;
    const known = this.#tables.get(id);
    // Nothing is known of it where the log begins now.
    if (known === undefined && edit.kind === 'item-deleted') return;
    const table = known ?? new HeldTable(this.#room);
    const { inLogBytes } = table;
    if (known === undefined) this.#tables.set(id, table);
    if (edit.kind === 'table-put') this.#define(table, edit.table, at);
    else if (edit.kind === 'item-put') table.put(edit.place, edit, at);
    else table.remove(edit.place);
    this.#inLogBytes += table.inLogBytes - inLogBytes;
  }

  #define(held: HeldTable, table: Table, at: Offset): void {
    const scope = scopeOf(table);
    const named = this.#named.get(scope) ?? new Map<string, HeldTable>();
    const other = named.get(table.name);
    assert(other === undefined || other === held, 'a name is of one table at a time');
    this.#named.set(scope, named);
    named.set(table.name, held);
    held.define(table, at);
  }

  /** The items are left to the garbage collector as a whole. */
  #drop(id: string): void {
    const held = this.#tables.get(id);
    if (held === undefined) return;
    this.#tables.delete(id);
    held.drop();
    this.#inLogBytes -= held.inLogBytes;
    const { definition } = held;
    if (definition === undefined) return;
    const scope = scopeOf(definition);
    const named = this.#named.get(scope);
    named?.delete(definition.name);
    if (named?.size === 0) this.#named.delete(scope);
  }
}

/** Accounts are digits, so this is of one account and region alone. */
export function scopeOf({ account, region }: Omit<TableName, 'name'>): string {
  return `${account}/${region}`;
}
