import type { Offset } from '../../../kinesis/record.ts';
import type { Item } from '../values/attribute-value.ts';
import { decodeItem, type EncodedItem } from './encoded-item.ts';
import type { StoredItem } from './table-store.ts';

/** An item in memory, and between which others it was said last in the log. */
export class HeldItem implements StoredItem {
  readonly place: string;
  bytes: EncodedItem;
  size: number;
  /** The latest record that says it. */
  said: Offset;
  older: HeldItem | undefined = undefined;
  newer: HeldItem | undefined = undefined;

  constructor(place: string, bytes: EncodedItem, size: number, said: Offset) {
    this.place = place;
    this.bytes = bytes;
    this.size = size;
    this.said = said;
  }

  get item(): Item {
    return decodeItem(this.bytes);
  }
}

/** Items by when they were said last. */
export class ByAge {
  oldest: HeldItem | undefined;
  #newest: HeldItem | undefined;

  /** The item was said later than all others. */
  add(item: HeldItem): void {
    item.older = this.#newest;
    item.newer = undefined;
    if (this.#newest === undefined) this.oldest = item;
    else this.#newest.newer = item;
    this.#newest = item;
  }

  remove({ older, newer }: HeldItem): void {
    if (older === undefined) this.oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
  }
}
