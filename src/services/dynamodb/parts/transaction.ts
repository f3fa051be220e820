import { ServiceError } from '../../../wire/service-error.ts';
import { type Cancellation, conditionFailedText, invalid, transactionCanceled } from '../errors.ts';
import type { TableView } from '../tables/table-store.ts';
import type { Item } from '../values/attribute-value.ts';
import { sizeOf } from '../values/size.ts';
import { DistinctKeys } from './distinct-keys.ts';
import { hasKey } from './key-check.ts';
import { countedView, Reading } from './reading.ts';
import { requireItems } from './table-target.ts';
import { decide, type Write, type Written } from './write.ts';

/** All items of a transaction together (developer guide, "Quotas", "Transactions"). */
export const transactionBytesMax = 4 * 1024 * 1024;

/** Items that one request is about. */
type Named = Pick<Write, 'table' | 'item'>;

/**
 * Refuses a transaction with two actions on one item, and one that is too large. A key that does not fit its
 * table is left for its own action to refuse.
 */
export function requireOneEach(view: Pick<TableView, 'table'>, named: readonly Named[]): void {
  const distinct = new DistinctKeys();
  let bytes = 0;
  for (const { table: name, item } of named) {
    const table = requireItems(view, name);
    if (hasKey(table, item) && !distinct.add(table, item)) {
      throw invalid('Transaction request cannot include multiple operations on one item');
    }
    bytes += sizeOf(item);
  }
  if (bytes <= transactionBytesMax) return;
  throw invalid(`The items of a transaction must not have more than ${transactionBytesMax} bytes in all.`);
}

/** What becomes of all items. Throws TransactionCanceledException when one of them cannot be written. */
export function decideTransaction(view: TableView, writes: readonly Write[]): Written[] {
  requireOneEach(view, writes);
  const reading = new Reading(transactionBytesMax);
  const counted = countedView(view, reading);
  return allOrNone(writes, reading, (write) => {
    const written = decide(counted, write);
    if (write.kind === 'update' && written.before === undefined) reading.add(written.after);
    return written;
  });
}

/**
 * The results for all, or TransactionCanceledException with a reason for each; a ValidationException when it
 * was too much to read.
 */
export function allOrNone<Each, Result>(
  each: readonly Each[],
  reading: Reading,
  work: (one: Each) => Result,
): Result[] {
  const results: Result[] = [];
  const reasons = each.map((one): Cancellation => {
    try {
      results.push(work(one));
      return { Code: 'None' };
    } catch (error) {
      return reasonOf(error);
    }
  });
  reading.requireWhole();
  if (results.length < each.length) throw transactionCanceled(reasons);
  return results;
}

/** What is not the fault of one action is the answer to the request. */
function reasonOf(error: unknown): Cancellation {
  if (!(error instanceof ServiceError)) throw error;
  if (error.type === 'ConditionalCheckFailedException') {
    const item = Reflect.get(error.details?.value ?? {}, 'Item') as Item | undefined;
    return { Code: 'ConditionalCheckFailed', Message: conditionFailedText, ...(item && { Item: item }) };
  }
  if (error.type !== 'ValidationException') throw error;
  return { Code: 'ValidationError', Message: error.message };
}
