import type { Clock } from '../../../env/clock.ts';
import { notFound } from '../errors.ts';
import type { SecondaryIndex, Table } from '../tables/table.ts';
import type { StoredItem, TableStore } from '../tables/table-store.ts';
import type { Item } from '../values/attribute-value.ts';
import type { Walk } from './search.ts';
import { requireIndex, requireItems } from './table-target.ts';

/** A walk through a table or an index of it, which ends with an error when that goes meanwhile. */
export function walkOf(
  { clock, store }: { readonly clock: Clock; readonly store: TableStore },
  table: Table,
  index: SecondaryIndex | undefined,
  begin: Item | undefined,
  found: (after: Item | undefined) => Iterable<StoredItem>,
): Walk {
  return {
    found: (after) => found(after ?? begin),
    turn: async () => {
      await clock.turn();
      const now = requireItems(store, table);
      if (now.id !== table.id) throw notFound();
      requireIndex(now, index?.name);
    },
  };
}
