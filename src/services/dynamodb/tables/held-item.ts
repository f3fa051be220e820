import type { Aged } from '../../../journal/by-age.ts';
import type { Offset } from '../../../kinesis/record.ts';
import type { Item } from '../values/attribute-value.ts';
import { decodeItem, type EncodedItem } from './encoded-item.ts';
import type { StoredItem } from './table-store.ts';

/** An item in memory, and between which others it was said last in the log. */
export class HeldItem implements StoredItem, Aged<HeldItem> {
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
