import { strict as assert } from 'node:assert';
import type { Journal } from '../../../journal/journal.ts';
import type { Item } from '../values/attribute-value.ts';
import { ByteWriter } from './byte-text.ts';
import type { HeldEdit } from './edit.ts';
import { type EncodedItem, encodeItem, encodeKey, sizeOfEncoded } from './encoded-item.ts';
import { FoundItem } from './found-item.ts';
import type { HeldIndex } from './held-index.ts';
import { roomOfItem, roomOfTable } from './held-table.ts';
import { KnownTables, placeOfKey } from './known-tables.ts';
import { after, before, keyIn, placeOf, type Stretch, segmentStretch, stretchOf } from './places.ts';
import type { Table, TableName } from './table.ts';
import type {
  Decision,
  Query,
  Scan,
  Size,
  StoredItem,
  TableEdit,
  TableStore,
  TableView,
} from './table-store.ts';
import type { TablesState } from './tables-state.ts';

/** The tables over their journal. */
export class JournalledTables implements TableStore {
  readonly #journal: Journal<TablesState, HeldEdit>;
  readonly #known: KnownTables;
  readonly #writer = new ByteWriter();

  constructor(journal: Journal<TablesState, HeldEdit>) {
    this.#journal = journal;
    this.#known = new KnownTables(() => journal.state);
  }

  get tableCount(): number {
    return this.#known.tableCount;
  }

  table(name: TableName): Table | undefined {
    return this.#known.table(name);
  }

  tablesOf(account: string, region: string): readonly Table[] {
    return this.#known.tablesOf(account, region);
  }

  get(table: Table, key: Item): Item | undefined {
    return this.#known.get(table, key);
  }

  find(table: Table, key: Item): FoundItem | undefined {
    const item = this.#journal.state.item(table.id, placeOfKey(table, key));
    return item && new FoundItem(item);
  }

  has(table: Table, key: Item): boolean {
    return this.#known.has(table, key);
  }

  sizeOf({ id }: Table): Size {
    return this.#journal.state.held.heldTable(id)?.size ?? nothing;
  }

  sizeOfIndex({ id }: Table, index: string): Size {
    return this.#journal.state.held.heldTable(id)?.indexes.get(index)?.size ?? nothing;
  }

  *query(table: Table, query: Query): Generator<StoredItem> {
    const { condition, index, after: last, isBackwards } = query;
    const all = stretchOf(condition);
    if (last === undefined) return yield* this.#walk(table, index, all, isBackwards);
    const place = placeIn(table, index, last);
    return yield* this.#walk(table, index, isBackwards ? before(place, all) : after(place, all), isBackwards);
  }

  *scan(table: Table, { segment, segments, index, after: last }: Scan): Generator<StoredItem> {
    const isWhole = segment === undefined || segments === undefined;
    const all = isWhole ? { from: '', end: undefined } : segmentStretch(segment, segments);
    yield* this.#walk(table, index, last === undefined ? all : after(placeIn(table, index, last), all));
  }

  async commit<Answer>(decide: (view: TableView) => Decision<Answer>): Promise<Answer> {
    let decision: Decision<Answer> | undefined;
    await this.#journal.commit((state) => {
      decision = decide(new KnownTables(() => state));
      return this.#held(state, decision.edits);
    });
    return decision!.answer;
  }

  changed(signal: AbortSignal): Promise<void> {
    return this.#journal.changed(signal);
  }

  *#walk(
    { id }: Table,
    name: string | undefined,
    stretch: Stretch,
    isBackwards = false,
  ): Generator<StoredItem> {
    const held = this.#journal.state.held.heldTable(id);
    if (held === undefined) return;
    const { from, end } = stretch;
    if (name === undefined) {
      yield* isBackwards ? held.items.descending(from, end) : held.items.ascending(from, end);
      return;
    }
    const index = held.indexes.get(name);
    if (index === undefined) return;
    filled(index);
    const { order } = index;
    const found = isBackwards ? order.descending(from, end) : order.ascending(from, end);
    for (const { item } of found) yield item;
  }

  /** The edits as the journal has them. A table may be of the edits before. */
  #held(state: TablesState, edits: readonly TableEdit[]): HeldEdit[] {
    const tables = new Map<string, Table>();
    return edits.map((edit): HeldEdit => {
      if (edit.kind === 'table-put') {
        tables.set(edit.table.id, edit.table);
        return { ...edit, added: addedByTable(state, edit.table) };
      }
      const { id } = edit.table;
      if (edit.kind === 'table-dropped') return { kind: 'table-dropped', id };
      const table = tables.get(id) ?? state.table(id);
      assert(table !== undefined, 'the table was dropped: decide on what the view shows');
      if (edit.kind === 'item-put') {
        const place = placeOfKey(table, edit.item);
        const bytes = encodeItem(this.#writer, table.keySchema, edit.item);
        const added = addedByItem(state, id, place, bytes);
        return { kind: 'item-put', id, place, size: sizeOfEncoded(bytes), bytes, added };
      }
      const place = placeOfKey(table, edit.key);
      return {
        kind: 'item-deleted',
        id,
        place,
        key: encodeKey(this.#writer, keyIn(table.keySchema, edit.key)!),
        added: -roomOf(state, id, place),
      };
    });
  }
}

function addedByTable({ held }: TablesState, table: Table): number {
  return held.heldTable(table.id)?.addedBy(table) ?? roomOfTable(table);
}

function addedByItem(state: TablesState, id: string, place: string, bytes: EncodedItem): number {
  const before = state.item(id, place)?.bytes;
  const held = before === undefined ? undefined : state.held.heldTable(id);
  if (held !== undefined) return held.addedWith(bytes, { place, bytes: before! });
  return roomOf(state, id, place, bytes) - roomOf(state, id, place);
}

/** What an item takes at a place: one with these bytes, or else the one that is there, if there is. */
function roomOf(state: TablesState, id: string, place: string, bytes = state.item(id, place)?.bytes): number {
  if (bytes === undefined) return 0;
  return state.held.heldTable(id)?.roomOf({ place, bytes }) ?? roomOfItem({ place, bytes });
}

const nothing: Size = { items: 0, bytes: 0 };

/** It is filled already, unless the state was read anew a moment ago. */
function filled(index: HeldIndex): void {
  index.fill(Number.POSITIVE_INFINITY);
}

/** Where a key is in a table or in an index of it. */
function placeIn(table: Table, name: string | undefined, key: Item): string {
  const place = placeOfKey(table, key);
  const index = table.indexes.find((one) => one.name === name);
  if (index === undefined) return place;
  const values = keyIn(index.keySchema, key);
  assert(values !== undefined, 'a key of an index has its attributes');
  return placeOf(values, place);
}
