import { conditionFailed, invalid } from '../errors.ts';
import { type Condition, holds } from '../expressions/condition.ts';
import type { Path } from '../expressions/path.ts';
import { requireKeyUntouched, type Update, updated } from '../expressions/update.ts';
import type { Table, TableName } from '../tables/table.ts';
import type { TableEdit, TableView } from '../tables/table-store.ts';
import type { Item } from '../values/attribute-value.ts';
import { sizeOf } from '../values/size.ts';
import { keyOf, requireIndexed, requireKey, requireKeyed } from './key-check.ts';
import { keyNamesOf } from './key-definition.ts';
import { requireItems } from './table-target.ts';

/** What a request asks of one item, read and checked as far as that goes without its table. */
export type Write = {
  readonly kind: 'put' | 'update' | 'delete' | 'check';
  readonly table: TableName;
  /** The item of a put, else the key. */
  readonly item: Item;
  readonly condition: Condition | undefined;
  readonly update: Update | undefined;
  /** Whether an item that does not satisfy the condition is shown. */
  readonly showsItem: boolean;
  /** Whether nobody asks what was there before: then it is not read. */
  readonly isBlind?: boolean;
};

/** What becomes of the item. */
export type Written = {
  readonly table: Table;
  /** Undefined for a blind one as well. */
  readonly before: Item | undefined;
  /** Whether there was an item. */
  readonly existed: boolean;
  readonly after: Item | undefined;
  /** What an update was about; see `updated`. */
  readonly touched: readonly Path[];
};

/** The largest item, its names included (developer guide, "Quotas", "Item size"). */
const itemBytesMax = 400 * 1024;

export function requireItemSize(item: Item): void {
  if (sizeOf(item) > itemBytesMax) throw invalid('Item size has exceeded the maximum allowed size');
}

/**
 * Decides a write by what the view shows. Throws ConditionalCheckFailedException, a ValidationException, or
 * ResourceNotFoundException.
 */
export function decide(view: TableView, write: Write): Written {
  const table = requireItems(view, write.table);
  const { kind, item } = write;
  if (kind === 'put') requireKeyed(table, item);
  else requireKey(table, item);
  if (write.update !== undefined) requireKeyUntouched(write.update, keyNamesOf(table.keySchema));
  const before = write.isBlind === true ? undefined : view.get(table, item);
  const existed = before !== undefined || (write.isBlind === true && view.has(table, item));
  if (write.condition !== undefined && !holds(write.condition, before)) {
    throw conditionFailed(write.showsItem ? before : undefined);
  }
  if (kind === 'put') return { table, before, existed, after: item, touched: [] };
  if (kind === 'delete') return { table, before, existed, after: undefined, touched: [] };
  if (kind === 'check') return { table, before, existed, after: before, touched: [] };
  return { table, before, existed, ...afterUpdate(table, write, before) };
}

const nothing: Update = { actions: [] };

/** An update without actions makes an item of the key, where there is none. */
function afterUpdate(
  table: Table,
  { update = nothing, item: key }: Write,
  before: Item | undefined,
): Pick<Written, 'after' | 'touched'> {
  const { item: after, touched } = updated(update, before, key);
  requireIndexed(table, after);
  if (sizeOf(after) > itemBytesMax) {
    throw invalid('Item size to update has exceeded the maximum allowed size');
  }
  return { after, touched };
}

/** The edits of it. */
export function editsOf({ kind, item }: Write, { table, existed, after }: Written): TableEdit[] {
  if (kind === 'check') return [];
  if (after !== undefined) return [{ kind: 'item-put', table, item: after }];
  return existed ? [{ kind: 'item-deleted', table, key: keyOf(table, item) }] : [];
}

/** What an answer may say that needs the item as it was. */
export type AskedOfWrite = {
  readonly ReturnValues?: string | undefined;
  readonly ReturnConsumedCapacity?: string | undefined;
  readonly ReturnItemCollectionMetrics?: string | undefined;
};

/** The write, blind where nothing asks what was there: the largest items take long to read. */
export function blindly(write: Write, asked: AskedOfWrite): Write {
  const { ReturnValues: values, ReturnConsumedCapacity, ReturnItemCollectionMetrics } = asked;
  const reads = [values, ReturnConsumedCapacity, ReturnItemCollectionMetrics].some(
    (each) => each !== undefined && each !== 'NONE',
  );
  const isBlind =
    !reads && write.condition === undefined && (write.kind === 'put' || write.kind === 'delete');
  return isBlind ? { ...write, isBlind } : write;
}
