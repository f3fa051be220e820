import { invalid } from '../errors.ts';
import type { TableView } from '../tables/table-store.ts';
import type { Item } from '../values/attribute-value.ts';
import { sizeOf, valuesIn } from '../values/size.ts';

/**
 * How many values of items one request has in memory, besides those of the item that is over it. A value that
 * takes a byte of an item takes forty of memory and ten of an answer, and a request is carried out in one go:
 * ours, as many as a request may send.
 */
const valuesMax = 500_000;

/** What a request has read of items, to be asked before each one more. */
export class Reading {
  readonly #bytesMax: number;
  #bytes = 0;
  #values = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Whether there is no room for more. */
  get isFull(): boolean {
    return this.#bytes >= this.#bytesMax || this.#values >= valuesMax;
  }

  /** Answers whether an item of the size fits. */
  fits(bytes: number): boolean {
    return this.#bytes + bytes <= this.#bytesMax;
  }

  add(item: Item | undefined): void {
    if (item === undefined) return;
    this.#bytes += sizeOf(item);
    this.#values += valuesIn(item);
  }

  /**
   * Throws a ValidationException when it is more than a transaction may read, of which nothing is left for
   * later.
   */
  requireWhole(): void {
    if (this.#bytes > this.#bytesMax) {
      throw invalid(`The items of a transaction must not have more than ${this.#bytesMax} bytes in all.`);
    }
    if (this.#values <= valuesMax) return;
    throw invalid(`The items of a transaction have more than ${valuesMax} values, the nested ones included.`);
  }
}

/** A view of which nothing more can be read once that is too much for a transaction. */
export function countedView(view: Pick<TableView, keyof TableView>, reading: Reading): TableView {
  return {
    tableCount: view.tableCount,
    table: (name) => view.table(name),
    tablesOf: (account, region) => view.tablesOf(account, region),
    has: (table, key) => view.has(table, key),
    get: (table, key) => {
      reading.requireWhole();
      const item = view.get(table, key);
      reading.add(item);
      return item;
    },
  };
}
