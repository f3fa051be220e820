import { ByAge } from '../../../journal/by-age.ts';
import { Ordered } from '../../../journal/ordered.ts';
import type { Offset } from '../../../kinesis/record.ts';
import type { EncodedItem } from './encoded-item.ts';
import { entryOverheadBytes, expiryIndex, HeldIndex, type RoomCount, secondaryIndex } from './held-index.ts';
import { HeldItem } from './held-item.ts';
import type { Table } from './table.ts';
import type { Size } from './table-store.ts';
import { bytesOfItem, bytesOfTable } from './tables-codec.ts';

/**
 * What an item takes in memory besides its bytes and its place: an object, the heads of two texts, a place in
 * an array.
 */
export const itemOverheadBytes = 160;

/** What a table takes without any item: its definition, several times as long as in JSON, maps and arrays. */
export function roomOfTable(table: Table): number {
  return 2000 + 4 * bytesOfTable(table);
}

/** A table in memory with its items, and the orders that are derived from them. */
export class HeldTable {
  readonly items = new Ordered<HeldItem>();
  readonly byAge = new ByAge<HeldItem>();
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
  /** What of the room it takes itself, without its indexes. */
  #ownRoomBytes = 0;
  readonly #room: RoomCount;

  constructor(room: RoomCount) {
    this.#room = room;
  }

  get size(): Size {
    return { items: this.items.size, bytes: this.#bytes };
  }

  /** What an item takes of the room there is, in the table and in all that is derived from it. */
  roomOf(item: Pick<HeldItem, 'place' | 'bytes'>): number {
    let bytes = roomOfItem(item);
    for (const index of this.#derived()) bytes += index.roomOf(item);
    return bytes;
  }

  /** How much more that is with other bytes. */
  addedWith(bytes: EncodedItem, { place, bytes: before }: Pick<HeldItem, 'place' | 'bytes'>): number {
    let added = roomOfItem({ place, bytes }) - roomOfItem({ place, bytes: before });
    for (const index of this.#derived()) {
      if (!index.isUntouched(before, bytes)) {
        added += index.roomOf({ place, bytes }) - index.roomOf({ place, bytes: before });
      }
    }
    return added;
  }

  /**
   * What another definition takes more, at most: an index has the place of each item, after a key that is
   * among what the item has.
   */
  addedBy(table: Table): number {
    const { definition } = this;
    const derived = derivedIn(table) - (definition === undefined ? 0 : derivedIn(definition));
    const own = roomOfTable(table) - (definition === undefined ? 0 : roomOfTable(definition));
    const items = this.items.size;
    const entries = this.#ownRoomBytes + items * (entryOverheadBytes - itemOverheadBytes);
    const longest = items * (entryOverheadBytes + indexPlaceBytesMax);
    return own + Math.max(0, derived) * Math.min(entries, longest);
  }

  /** It is gone: what it took of the room is free. */
  drop(): void {
    for (const index of this.#derived()) index.drop();
    this.#room.bytes -= this.#ownRoomBytes;
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
    this.#countRoom(roomOfTable(table) - (before === undefined ? 0 : roomOfTable(before)));
    this.#definitionBytes = bytesOfTable(table);
    this.#defineIndexes(before, table);
    const attribute = expiring(table);
    if (attribute === expiring(before)) return;
    this.expiry?.drop();
    this.expiry =
      attribute === undefined ? undefined : new HeldIndex(expiryIndex(attribute), this.items, this.#room);
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
    const before = item.bytes;
    const indexes = this.#derived().filter((index) => !index.isUntouched(before, bytes));
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

  #count(item: HeldItem, times: 1 | -1): void {
    this.#bytes += times * item.size;
    this.#itemsInLogBytes += times * bytesOfItem(item.bytes);
    this.#countRoom(times * roomOfItem(item));
  }

  #countRoom(bytes: number): void {
    this.#ownRoomBytes += bytes;
    this.#room.bytes += bytes;
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
      const held = stays
        ? known.get(name)!
        : new HeldIndex(secondaryIndex(table, index), this.items, this.#room);
      this.indexes.set(name, held);
    }
    for (const [name, index] of known) if (this.indexes.get(name) !== index) index.drop();
  }
}

/** What an item takes of the room there is, without indexes. */
export function roomOfItem({ place, bytes }: Pick<HeldItem, 'place' | 'bytes'>): number {
  return itemOverheadBytes + place.length + bytes.length;
}

/** Two keys, with each byte of the range keys as two, and what is around them. */
const indexPlaceBytesMax = 2 * (6 + 2048 + 2 * 1024 + 2);

/** How many orders follow from the items of a table. */
function derivedIn(table: Table): number {
  return table.indexes.length + (expiring(table) === undefined ? 0 : 1);
}

const noIndexes: readonly HeldIndex[] = [];

function expiring(table: Table | undefined): string | undefined {
  return table?.timeToLive?.isEnabled === true ? table.timeToLive.attribute : undefined;
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
