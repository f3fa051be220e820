import type { Clock, Millis } from '../../../env/clock.ts';
import { forEach, type Tick } from '../../../stream/background.ts';
import type { TableEdit, TableStore } from '../tables/table-store.ts';
import type { Table } from '../tables/table.ts';
import { withoutDeleted } from './index-changes.ts';

/**
 * Takes tables out of CREATING, UPDATING and DELETING once they have been that for `delay`, and indexes out of
 * DELETING. What a crash left begins again from the delay. Nothing as long as nobody asked for tables.
 */
export function tablesTick(tables: { readonly opened: TableStore | undefined }, clock: Clock, delay: Millis): Tick {
  /** Since when each table that is to become another one was seen as it is. */
  let seen = new Map<string, Millis>();
  return async () => {
    const store = tables.opened;
    if (store === undefined) return undefined;
    const now = clock.now();
    const waiting = new Map<string, Millis>();
    let next: Millis | undefined;
    const due: Table[] = [];
    for (const table of store.unsettled()) {
      const state = stateOf(table);
      const since = Math.min(seen.get(state) ?? now, now);
      waiting.set(state, since);
      if (now - since >= delay) due.push(table);
      else next = Math.min(next ?? delay, since + delay - now);
    }
    seen = waiting;
    await forEach(due, (table) => settle(store, table));
    return next;
  };
}

function stateOf({ id, status, indexes }: Table): string {
  return [id, status, ...indexes.map((index) => `${index.name} ${index.status}`)].join('\n');
}

/** Commits what became of a table, unless it has become another one meanwhile. */
function settle(store: TableStore, table: Table): Promise<unknown> {
  return store.commit((view) => {
    const current = view.table(table);
    const isSame = current !== undefined && stateOf(current) === stateOf(table);
    return { edits: isSame ? settled(current) : [], answer: undefined };
  });
}

/** A table that has an index to fill or to take away stays as it is until there is none. */
function settled(table: Table): TableEdit[] {
  if (table.status === 'DELETING') return [{ kind: 'table-dropped', table }];
  const kept = withoutDeleted(table);
  const isFilling = kept.indexes.some(({ status }) => status === 'CREATING');
  const isNew = table.status === 'CREATING';
  if (isFilling && !isNew && kept.indexes.length === table.indexes.length) return [];
  const status = isFilling && !isNew ? table.status : 'ACTIVE';
  return [{ kind: 'table-put', table: { ...kept, status } }];
}
