import type { OwnMap } from '../../../wire/writer.ts';
import type { KeyCondition } from '../expressions/key-condition.ts';
import type { Item } from '../values/attribute-value.ts';
import type { Table, TableName } from './table.ts';

/**
 * The tables of all accounts and regions with their items: of which memory holds all, and a log every commit.
 * What is read is as the last durable commit left it, holds until the next await, and is never changed in
 * place. Tables are named by what `table` or `tablesOf` answered; one that is gone has no items.
 */
export interface TableStore extends TableView {
  /** What `get` answers, as it is stored: a map for an answer, and what it holds stays. */
  find(table: Table, key: Item): (StoredItem & OwnMap) | undefined;
  /** How many items a table has, and how many bytes of them, as DynamoDB counts these. */
  sizeOf(table: Table): Size;
  /**
   * The same of an index by its name, with the attributes that are projected into it. Zeros when there is no
   * such index.
   */
  sizeOfIndex(table: Table, index: string): Size;
  /**
   * The items that have a hash key, in the order of their range keys; of those with equal ones, in an index,
   * in some order that stays. It goes on by itself as long as nothing is awaited meanwhile.
   */
  query(table: Table, query: Query): Iterable<StoredItem>;
  /**
   * All items of a table or an index, those of one hash key together, in an order that only depends on their
   * keys. The segments of a scan share the hash keys out between them.
   */
  scan(table: Table, scan: Scan): Iterable<StoredItem>;
  /**
   * Makes the edits that `decide` answers, of a view with all that was decided before it, and resolves to its
   * answer once they are durable and can be read here. `decide` may be called again, when another commit came
   * first: its last answer counts. Edits of one call become true together, or none does. Without edits it
   * resolves once all that the view showed is durable. Rejects with what `decide` throws, and then nothing
   * was changed; with LimitExceededException when the store has no room for the edits; with
   * `OverloadedError`, `DiskReserveError` or the system's error when they could not be written: nothing was
   * changed then, either.
   */
  commit<Answer>(decide: (view: TableView) => Decision<Answer>): Promise<Answer>;
  /** Resolves when a commit has changed something, or the signal is aborted. Never rejects. */
  changed(signal: AbortSignal): Promise<void>;
}

/** What a decision may rest on. */
export interface TableView {
  table(name: TableName): Table | undefined;
  /** By name, in the order of their UTF-8 bytes. */
  tablesOf(account: string, region: string): readonly Table[];
  /** How many tables there are in all. */
  readonly tableCount: number;
  /** `key` may have other attributes besides those of the key, which are of the right types. */
  get(table: Table, key: Item): Item | undefined;
  /** Whether there is one, which is not read. */
  has(table: Table, key: Item): boolean;
}

export type Decision<Answer> = { readonly edits: readonly TableEdit[]; readonly answer: Answer };

/** What became true. Items are checked before: they have their keys, with values of the right types. */
export type TableEdit =
  /** A table is new when its id is; else it is another definition of the same table. */
  | { readonly kind: 'table-put'; readonly table: Table }
  /** Its items go with it. */
  | { readonly kind: 'table-dropped'; readonly table: Pick<Table, 'id'> }
  /** Takes the place of the item that had its key. */
  | { readonly kind: 'item-put'; readonly table: Pick<Table, 'id'>; readonly item: Item }
  /** No error when there is no such item. */
  | { readonly kind: 'item-deleted'; readonly table: Pick<Table, 'id'>; readonly key: Item };

export type Query = Place & { readonly condition: KeyCondition; readonly isBackwards?: boolean };

export type Scan = Place & {
  /** From 0. Both or none. */
  readonly segment?: number | undefined;
  readonly segments?: number | undefined;
};

type Place = {
  /** The name of a secondary index, of which all that is asked is asked. */
  readonly index?: string | undefined;
  /**
   * Begin after the place of these keys, those of the table and of the index, whether or not there still is
   * an item.
   */
  readonly after?: Item | undefined;
};

/** An item where it was found, not yet decoded. */
export interface StoredItem {
  /** In bytes, as DynamoDB counts them. */
  readonly size: number;
  /** All of it, with attributes that are not projected as well. */
  readonly item: Item;
}

export type Size = { readonly items: number; readonly bytes: number };
