import type { Table } from '../tables/table.ts';
import type { Item } from '../values/attribute-value.ts';
import { keyBytes } from '../values/key-bytes.ts';
import { partsOf } from './key-check.ts';

/** The items that a request names, so that one that is named again is noticed. */
export class DistinctKeys {
  readonly #seen = new Set<string>();

  /** False for an item that was named before. `item` has the key of the table. */
  add({ id, keySchema }: Pick<Table, 'id' | 'keySchema'>, item: Item): boolean {
    const parts = partsOf(keySchema).map(({ name }) => keyBytes(item[name]!).toString('base64'));
    const key = [id, ...parts].join(' ');
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    return true;
  }
}
