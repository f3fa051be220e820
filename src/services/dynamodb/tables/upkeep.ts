import type { Clock, Millis } from '../../../env/clock.ts';
import type { Journal } from '../../../journal/journal.ts';
import type { Tick } from '../../../stream/background.ts';
import type { Item } from '../values/attribute-value.ts';
import type { HeldEdit } from './edit.ts';
import { expiryBytes, expiryOf } from './held-index.ts';
import type { HeldTable } from './held-table.ts';
import { numberText } from './places.ts';
import type { SecondaryIndex, Table } from './table.ts';
import type { TableEdit, TableStore, TableView } from './table-store.ts';
import type { TablesState } from './tables-state.ts';

export type UpkeepWorld = {
  readonly journal: Journal<TablesState, HeldEdit>;
  readonly store: TableStore;
  readonly clock: Clock;
  /** How long a table or an index is CREATING, UPDATING or DELETING at least. */
  readonly transitionDelay: Millis;
};

/**
 * Fills indexes, brings tables and indexes to the status that they are on their way to, and deletes what has
 * expired, all of it in small steps.
 */
export function tablesTick(world: UpkeepWorld): Tick {
  return async () => {
    await fillIndexes(world);
    const next = await settle(world);
    return Math.min(next, await expire(world));
  };
}

/**
 * Looks at each item that an index lacks still, and lets others work in between: `looked` is called there.
 */
export async function fillIndexes(
  { journal, clock }: Pick<UpkeepWorld, 'journal' | 'clock'>,
  looked: () => void = () => {},
): Promise<void> {
  for (const table of [...journal.state.held.all]) {
    for (const index of [...table.indexes.values(), table.expiry]) {
      while (index?.isFilled === false) {
        index.fill(fillStep);
        looked();
        await clock.turn();
      }
    }
  }
}

/** Takes about a millisecond or two. */
const fillStep = 1000;

/** Answers when the next table or index is due. */
async function settle({ journal, store, clock, transitionDelay }: UpkeepWorld): Promise<Millis> {
  let next = Number.POSITIVE_INFINITY;
  for (const held of [...journal.state.held.all]) {
    const { definition } = held;
    if (definition === undefined || dueAt(definition) === undefined) continue;
    const dueIn = (table: Table | undefined) =>
      ((table && dueAt(table)) ?? Number.POSITIVE_INFINITY) + transitionDelay - clock.now();
    if (dueIn(definition) <= 0) {
      await store.commit((view) => {
        const table = view.table(definition);
        const isDue = table?.id === definition.id && dueIn(table) <= 0;
        const isFilled = (name: string) => held.indexes.get(name)?.isFilled === true;
        const edits = isDue ? settled(table, clock.now() - transitionDelay, isFilled) : [];
        return { edits, answer: undefined };
      });
    }
    next = Math.min(next, dueIn(store.table(definition)));
  }
  return Math.max(0, next);
}

/**
 * Since when what is next has been on its way, of a table and its indexes; undefined when nothing is. A table
 * is not ACTIVE before its indexes are.
 */
function dueAt({ status, statusSince, indexes }: Table): Millis | undefined {
  const since = indexes.filter((index) => index.status !== 'ACTIVE').map((index) => index.statusSince);
  if (status === 'DELETING') return statusSince;
  if (since.length > 0) return Math.min(...since);
  return status === 'ACTIVE' ? undefined : statusSince;
}

/** What becomes of a table when all that began up to a time is over. */
function settled(table: Table, upTo: Millis, isFilled: (index: string) => boolean): TableEdit[] {
  if (table.status === 'DELETING' && table.statusSince <= upTo) return [{ kind: 'table-dropped', table }];
  const isOver = ({ status, statusSince }: Pick<Table, 'status' | 'statusSince'>) =>
    status !== 'ACTIVE' && statusSince <= upTo;
  const indexes = table.indexes.flatMap((index): SecondaryIndex[] => {
    if (!isOver(index) || !isFilled(index.name)) return [index];
    return index.status === 'DELETING' ? [] : [{ ...index, status: 'ACTIVE' }];
  });
  const isWaiting = indexes.some(({ status }) => status !== 'ACTIVE');
  const status = isOver(table) && !isWaiting ? 'ACTIVE' : table.status;
  return [{ kind: 'table-put', table: { ...table, status, indexes } }];
}

/** Deletes what has expired. Answers when to look again. */
async function expire({ journal, store, clock }: UpkeepWorld): Promise<Millis> {
  let next = Number.POSITIVE_INFINITY;
  for (const held of [...journal.state.held.all]) {
    if (held.expiry === undefined) continue;
    for (;;) {
      const due = expiredIn(held, clock.now());
      if (due.length === 0) break;
      await store.commit((view) => ({
        edits: stillExpired(held, due, view, clock.now()),
        answer: undefined,
      }));
    }
    if (held.expiry.order.size > 0) next = lookEveryMs;
  }
  return next;
}

const lookEveryMs: Millis = 30_000;

/** So many are deleted at a time. */
const expireStep = 100;

/** An item that expired longer ago stays (developer guide, "Using time to live"). */
const expiredSecondsMax = 5 * 365 * 24 * 3600;

/** The keys of some that have expired. */
function expiredIn({ expiry }: HeldTable, now: Millis): Item[] {
  const seconds = Math.floor(now / 1000);
  const from = numberText(Math.max(0, seconds - expiredSecondsMax), expiryBytes);
  const due: Item[] = [];
  for (const { item } of expiry?.order.ascending(from, numberText(seconds, expiryBytes)) ?? []) {
    due.push(item.item);
    if (due.length === expireStep) break;
  }
  return due;
}

/** Meanwhile an item may have got more time, and the table other rules. */
function stillExpired(
  { definition }: HeldTable,
  due: readonly Item[],
  view: TableView,
  now: Millis,
): TableEdit[] {
  const table = definition && view.table(definition);
  if (table === undefined || table.id !== definition?.id) return [];
  const { timeToLive } = table;
  if (timeToLive?.isEnabled !== true) return [];
  return due.flatMap((key): TableEdit[] => {
    const item = view.get(table, key);
    const expiry = item && expiryOf(item, timeToLive.attribute);
    return expiry !== undefined && expiry < Math.floor(now / 1000)
      ? [{ kind: 'item-deleted', table, key }]
      : [];
  });
}
