import type { Draft } from '../../../journal/state-machine.ts';
import type { Offset } from '../../../kinesis/record.ts';
import type { HeldEdit } from './edit.ts';
import { type HeldTables, scopeOf } from './held-tables.ts';
import type { Table, TableName } from './table.ts';
import type { KnownItem, TablesState } from './tables-state.ts';

/**
 * Edits over tables that are held, which only `finish` changes: until then they can be dropped as they are.
 */
export class DraftedTables implements TablesState, Draft<TablesState, HeldEdit> {
  readonly held: HeldTables;
  readonly #edits: { readonly edit: HeldEdit; readonly at: Offset }[] = [];
  /** Tables that are other than they are held; undefined when they are gone. */
  readonly #tables = new Map<string, Table | undefined>();
  /** Likewise the items of each. */
  readonly #items = new Map<string, Map<string, KnownItem | undefined>>();
  #roomBytes: number;
  #readBytes = 0;

  constructor(held: HeldTables) {
    this.held = held;
    this.#roomBytes = held.roomBytes;
  }

  get state(): TablesState {
    return this;
  }

  get version(): number {
    return this.held.version;
  }

  get readBytes(): number {
    return this.#readBytes;
  }

  get roomBytes(): number {
    return this.#roomBytes;
  }

  get tableCount(): number {
    let count = this.held.tableCount;
    for (const [id, table] of this.#tables) {
      const before = this.held.table(id) === undefined ? 0 : 1;
      count += (table === undefined ? 0 : 1) - before;
    }
    return count;
  }

  table(id: string): Table | undefined {
    return this.#tables.has(id) ? this.#tables.get(id) : this.held.table(id);
  }

  named(name: TableName): Table | undefined {
    for (const table of this.#tables.values()) if (table !== undefined && isNamed(table, name)) return table;
    const held = this.held.named(name);
    return held === undefined || this.#tables.has(held.id) ? undefined : held;
  }

  tablesOf(account: string, region: string): readonly Table[] {
    const scope = scopeOf({ account, region });
    const drafted = [...this.#tables.values()].filter((table) => table !== undefined);
    return [
      ...this.held.tablesOf(account, region).filter(({ id }) => !this.#tables.has(id)),
      ...drafted.filter((table) => scopeOf(table) === scope),
    ];
  }

  item(id: string, place: string): KnownItem | undefined {
    if (this.#tables.size > 0 && this.#tables.has(id) && this.#tables.get(id) === undefined) return undefined;
    const items = this.#items.get(id);
    return items?.has(place) === true ? items.get(place) : this.held.item(id, place);
  }

  read(id: string, place: string): KnownItem | undefined {
    const item = this.item(id, place);
    this.#readBytes += item?.bytes.length ?? 0;
    return item;
  }

  apply(edit: HeldEdit, at: Offset): void {
    this.#edits.push({ edit, at });
    switch (edit.kind) {
      case 'table-put':
        this.#tables.set(edit.table.id, edit.table);
        this.#roomBytes += edit.added ?? 0;
        return;
      case 'table-dropped':
        this.#tables.set(edit.id, undefined);
        this.#items.delete(edit.id);
        return;
      case 'item-put':
        this.#replace(edit, edit);
        return;
      case 'item-deleted':
        this.#replace(edit, undefined);
    }
  }

  finish(version: number): TablesState {
    for (const { edit, at } of this.#edits) this.held.apply(edit, at);
    this.held.version = version;
    return this.held;
  }

  #replace({ id, place, added = 0 }: ItemEdit, item: KnownItem | undefined): void {
    const items = this.#items.get(id) ?? new Map<string, KnownItem | undefined>();
    this.#items.set(id, items);
    items.set(place, item);
    this.#roomBytes += added;
  }
}

type ItemEdit = Extract<HeldEdit, { kind: 'item-put' | 'item-deleted' }>;

function isNamed(table: Table, { account, region, name }: TableName): boolean {
  return table.name === name && table.region === region && table.account === account;
}
