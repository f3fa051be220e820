import type { Offset } from '../../../kinesis/record.ts';
import type { EncodedItem } from './encoded-item.ts';
import { expiryIndex, HeldIndex, secondaryIndex } from './held-index.ts';
import { ByAge, HeldItem } from './held-item.ts';
import { Ordered } from './ordered.ts';
import type { Table } from './table.ts';
import type { Size } from './table-store.ts';
import { bytesOfItem, bytesOfTable } from './tables-codec.ts';

/** What an item takes in memory besides its bytes, and what it takes more for each index of its table. */
export const itemOverheadBytes = 200;
export const indexedOverheadBytes = 200;

/** A table in memory with its items, and the orders that are derived from them. */
export class HeldTable {
  readonly items = new Ordered<HeldItem>();
  readonly byAge = new ByAge();
  readonly indexes = new Map<string, HeldIndex>();
  expiry: HeldIndex | undefined;
  /** Unknown while a replay has only met items of it. */
  definition: Table | undefined;
  /** The latest record that says the definition. */
  said: Offset = 0;
  #definitionBytes = 0;
  #bytes = 0;
  /** What the items would take in the log. */
  #itemsInLogBytes = 0;

  get size(): Size {
    return { items: this.items.size, bytes: this.#bytes };
  }

  /** What it takes of the room there is. */
  get roomBytes(): number {
    return this.#definitionBytes + this.#bytes + this.items.size * this.overheadBytes;
  }

  /** Of an item, besides its size. */
  get overheadBytes(): number {
    return overheadIn(this.definition);
  }

  get inLogBytes(): number {
    return this.#definitionBytes + this.#itemsInLogBytes;
  }

  /** The record that says the oldest of what is known. */
  get oldest(): Offset {
    const item = this.byAge.oldest?.said ?? Number.POSITIVE_INFINITY;
    return this.definition === undefined ? item : Math.min(item, this.said);
  }

  define(table: Table, at: Offset): void {
    const before = this.definition;
    this.said = at;
    if (before !== undefined && isSame(before, table)) return;
    this.definition = table;
    this.#definitionBytes = bytesOfTable(table);
    this.#defineIndexes(before, table);
    const attribute = expiring(table);
    if (attribute === expiring(before)) return;
    this.expiry = attribute === undefined ? undefined : new HeldIndex(expiryIndex(attribute), this.items);
  }

  put(place: string, { bytes, size }: { bytes: EncodedItem; size: number }, at: Offset): void {
    const item = this.items.get(place);
    if (item === undefined) {
      this.#add(new HeldItem(place, bytes, size, at));
      return;
    }
    this.byAge.remove(item);
    item.said = at;
    this.byAge.add(item);
    if (item.bytes !== bytes) this.#change(item, bytes, size);
  }

  remove(place: string): void {
    const item = this.items.remove(place);
    if (item === undefined) return;
    this.byAge.remove(item);
    for (const index of this.#derived()) index.remove(index.placeOf(item));
    this.#count(item, -1);
  }

  #add(item: HeldItem): void {
    this.items.put(item);
    this.byAge.add(item);
    for (const index of this.#derived()) index.put(item, index.placeOf(item));
    this.#count(item, 1);
  }

  #change(item: HeldItem, bytes: EncodedItem, size: number): void {
    const indexes = this.#derived();
    const places = indexes.map((index) => index.placeOf(item));
    this.#count(item, -1);
    item.bytes = bytes;
    item.size = size;
    this.#count(item, 1);
    for (const [nth, index] of indexes.entries()) {
      const place = index.placeOf(item);
      if (place !== places[nth]) index.remove(places[nth]);
      index.put(item, place);
    }
  }

  #count({ size, bytes }: HeldItem, times: 1 | -1): void {
    this.#bytes += times * size;
    this.#itemsInLogBytes += times * bytesOfItem(bytes);
  }

  /** All orders that follow from the items. */
  #derived(): readonly HeldIndex[] {
    if (this.expiry === undefined) return this.indexes.size === 0 ? noIndexes : [...this.indexes.values()];
    return [...this.indexes.values(), this.expiry];
  }

  /** An index that is as it was stays as it is. */
  #defineIndexes(before: Table | undefined, table: Table): void {
    const known = new Map(this.indexes);
    this.indexes.clear();
    for (const index of table.indexes) {
      const { name, keySchema, projection } = index;
      const old = before?.indexes.find((other) => other.name === name);
      const stays = old !== undefined && isSame([old.keySchema, old.projection], [keySchema, projection]);
      const held = stays ? known.get(name)! : new HeldIndex(secondaryIndex(table, index), this.items);
      this.indexes.set(name, held);
    }
  }
}

/** What an item takes in a table of a definition besides its size. */
export function overheadIn(table: Table | undefined): number {
  const derived = (table?.indexes.length ?? 0) + (expiring(table) === undefined ? 0 : 1);
  return itemOverheadBytes + derived * indexedOverheadBytes;
}

const noIndexes: readonly HeldIndex[] = [];

function expiring(table: Table | undefined): string | undefined {
  return table?.timeToLive?.isEnabled === true ? table.timeToLive.attribute : undefined;
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
