import type { Versioned } from '../../../journal/state-machine.ts';
import type { EncodedItem } from './encoded-item.ts';
import type { HeldTables } from './held-tables.ts';
import type { Table, TableName } from './table.ts';

/** All tables at a version: as they are held, or with edits over that which are not durable yet. */
export interface TablesState extends Versioned {
  /** As the last durable commit left them. */
  readonly held: HeldTables;
  readonly tableCount: number;
  /** What everything takes of the room there is. */
  readonly roomBytes: number;
  table(id: string): Table | undefined;
  named(name: TableName): Table | undefined;
  /** In no order. */
  tablesOf(account: string, region: string): readonly Table[];
  item(id: string, place: string): KnownItem | undefined;
  /** The same, of which all is going to be read. */
  read(id: string, place: string): KnownItem | undefined;
}

export type KnownItem = { readonly bytes: EncodedItem; readonly size: number };
