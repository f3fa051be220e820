import type { EncodedItem, EncodedKey } from './encoded-item.ts';
import type { Table } from './table.ts';

/**
 * What a record of the log says became true. An item may come before the table that it is in: a log that is
 * restated says the facts in any order. Places are not in the log, nor is `added`: what of the room there is
 * an edit takes more than there was taken before it, which is known of one that is not in the log yet.
 */
export type HeldEdit =
  | { readonly kind: 'table-put'; readonly table: Table; readonly added?: number }
  | { readonly kind: 'table-dropped'; readonly id: string }
  | {
      readonly kind: 'item-put';
      readonly id: string;
      readonly place: string;
      readonly size: number;
      readonly bytes: EncodedItem;
      readonly added?: number;
    }
  | {
      readonly kind: 'item-deleted';
      readonly id: string;
      readonly place: string;
      readonly key: EncodedKey;
      readonly added?: number;
    };
