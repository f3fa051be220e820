import { Ordered, type Placed } from '../../../journal/ordered.ts';
import type { Item } from '../values/attribute-value.ts';
import { sizeOf } from '../values/size.ts';
import { type EncodedItem, isAlike, pick } from './encoded-item.ts';
import type { HeldItem } from './held-item.ts';
import { keyIn, numberText, placeOf } from './places.ts';
import type { SecondaryIndex, Table } from './table.ts';
import type { Size } from './table-store.ts';

/** How an index is derived from the items. */
export type Derivation = {
  /** Where in the index an item is; undefined when it is not in it. */
  readonly placeOf: (item: Pick<HeldItem, 'place' | 'bytes'>) => string | undefined;
  /** What of an item is in the index, in bytes as DynamoDB counts them. */
  readonly sizeOf: (item: HeldItem) => number;
  /** The attributes that decide both; undefined when all do. */
  readonly names: ReadonlySet<string> | undefined;
};

/**
 * Some of a table's items in another order, which is derived from them and nowhere else. One that a table
 * gets when it has items already is filled in steps; meanwhile it takes part in every change.
 */
export class HeldIndex {
  readonly order = new Ordered<Indexed>();
  readonly #derivation: Derivation;
  readonly #items: Ordered<HeldItem>;
  /** All items before this place were looked at; undefined when all were. */
  #filledTo: string | undefined;
  #bytes = 0;
  #roomBytes = 0;
  readonly #room: RoomCount;
  #isDropped = false;

  constructor(derivation: Derivation, items: Ordered<HeldItem>, room: RoomCount) {
    this.#derivation = derivation;
    this.#items = items;
    this.#room = room;
    this.#filledTo = items.size === 0 ? undefined : '';
  }

  get isFilled(): boolean {
    return this.#filledTo === undefined;
  }

  get size(): Size {
    return { items: this.order.size, bytes: this.#bytes };
  }

  placeOf(item: Pick<HeldItem, 'place' | 'bytes'>): string | undefined {
    return this.#derivation.placeOf(item);
  }

  /** Whether it is the same for it what an item's bytes are. */
  isUntouched(before: EncodedItem, after: EncodedItem): boolean {
    const { names } = this.#derivation;
    return names !== undefined && isAlike(before, after, names);
  }

  /** What of the room an item takes in it. */
  roomOf(item: Pick<HeldItem, 'place' | 'bytes'>): number {
    return roomOfEntry(this.placeOf(item));
  }

  /** It is not needed any more, and need not be filled: what it took of the room is free. */
  drop(): void {
    this.#isDropped = true;
    this.#filledTo = undefined;
    this.#room.bytes -= this.#roomBytes;
  }

  /** Looks at so many of the items that were there first. */
  fill(items: number): void {
    if (this.#filledTo === undefined) return;
    let left = items;
    for (const item of this.#items.ascending(this.#filledTo, undefined)) {
      if (left === 0) {
        this.#filledTo = item.place;
        return;
      }
      this.put(item, this.placeOf(item));
      left -= 1;
    }
    this.#filledTo = undefined;
  }

  put(item: HeldItem, place: string | undefined): void {
    if (place === undefined) return;
    const size = this.#derivation.sizeOf(item);
    const before = this.order.put({ place, item, size });
    this.#bytes += size - (before?.size ?? 0);
    if (before === undefined) this.#count(roomOfEntry(place));
  }

  remove(place: string | undefined): void {
    const removed = place === undefined ? undefined : this.order.remove(place);
    if (removed === undefined) return;
    this.#bytes -= removed.size;
    this.#count(-roomOfEntry(place));
  }

  #count(bytes: number): void {
    this.#roomBytes += bytes;
    if (!this.#isDropped) this.#room.bytes += bytes;
  }
}

/** What all tables take of the room there is, added up where it changes. */
export type RoomCount = { bytes: number };

/**
 * What an entry of an index takes besides its place: an object, the head of a text, and a place in an array.
 * Measured with Node 26, see `itemOverheadBytes`.
 */
export const entryOverheadBytes = 100;

function roomOfEntry(place: string | undefined): number {
  return place === undefined ? 0 : entryOverheadBytes + place.length;
}

type Indexed = Placed & { readonly item: HeldItem; readonly size: number };

/** The order of a secondary index. */
export function secondaryIndex(table: Table, index: SecondaryIndex): Derivation {
  const { hash, range } = index.keySchema;
  const keyNames = new Set(range === undefined ? [hash.name] : [hash.name, range.name]);
  const names = projectedNames(table, index, keyNames);
  return {
    names,
    placeOf: (item) => {
      const key = keyIn(index.keySchema, pick(item.bytes, keyNames));
      return key && placeOf(key, item.place);
    },
    sizeOf: ({ bytes, size }) => (names === undefined ? size : sizeOf(pick(bytes, names))),
  };
}

/** Undefined for all. */
function projectedNames(
  { keySchema }: Table,
  { projection }: SecondaryIndex,
  indexKeys: ReadonlySet<string>,
): ReadonlySet<string> | undefined {
  if (projection.type === 'ALL') return undefined;
  const names = new Set([...indexKeys, keySchema.hash.name, ...projection.attributes]);
  if (keySchema.range !== undefined) names.add(keySchema.range.name);
  return names;
}

/** Items in the order of the seconds since the epoch at which they expire. */
export function expiryIndex(attribute: string): Derivation {
  const names = new Set([attribute]);
  return {
    names,
    placeOf: (item) => {
      const seconds = expiryOf(pick(item.bytes, names), attribute);
      return seconds === undefined ? undefined : numberText(seconds, expiryBytes) + item.place;
    },
    sizeOf: () => 0,
  };
}

/** More seconds than any clock shows do not count. */
export const expiryBytes = 6;

/** When an item expires, in seconds since the epoch; undefined when it does not. */
export function expiryOf(item: Item, attribute: string): number | undefined {
  const value = item[attribute];
  if (value === undefined || !('N' in value)) return undefined;
  const seconds = Math.floor(Number(value.N));
  return seconds >= 0 && seconds < 256 ** expiryBytes ? seconds : undefined;
}
