import type { Table } from '../tables/table.ts';
import { type CapacityKind, viewUnits } from './capacity.ts';
import type { Page } from './search.ts';

/** The answer with a page. Where only a count is wanted, there are no items. */
export function viewPage(page: Page, table: Table, isCount: boolean, capacity: CapacityKind) {
  return {
    Items: isCount ? undefined : page.items,
    Count: page.count,
    ScannedCount: page.scanned,
    LastEvaluatedKey: page.last,
    ConsumedCapacity: viewUnits(capacity, table, () => page.units),
  };
}
