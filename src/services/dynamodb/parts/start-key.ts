import { ServiceError } from '../../../wire/service-error.ts';
import { invalid } from '../errors.ts';
import { isInRange, type KeyCondition } from '../expressions/key-condition.ts';
import type { SecondaryIndex, Table } from '../tables/table.ts';
import type { Item, LooseItem } from '../values/attribute-value.ts';
import { checkedItem } from '../values/checked-value.ts';
import { equal } from '../values/equality.ts';
import { hasType, partsOf, requireHashSize } from './key-check.ts';

/** Where a page is to begin after, as a request says it. Throws a ValidationException. */
export function startKeyOf(key: LooseItem | undefined): Item | undefined {
  if (key === undefined) return undefined;
  try {
    return checkedItem(key);
  } catch (error) {
    if (!(error instanceof ServiceError) || isToldBare(error.message)) throw error;
    throw invalid(`The provided starting key is invalid: ${error.message}`);
  }
}

/** AWS puts nothing before these. */
function isToldBare(text: string): boolean {
  return /contains duplicates|number set|numeric value|significant digits|[Nn]umber with magnitude/.test(
    text,
  );
}

/** Refuses what is not just the keys of the table and of the index. */
export function requirePlace(
  table: Table,
  index: SecondaryIndex | undefined,
  place: Item | undefined,
  isScan: boolean,
): void {
  if (place === undefined) return;
  const parts = [...partsOf(table.keySchema), ...(index === undefined ? [] : partsOf(index.keySchema))];
  const names = new Set(parts.map(({ name }) => name));
  const isPlace =
    Object.keys(place).length === names.size && parts.every(({ name, type }) => hasType(place[name], type));
  if (isPlace) {
    for (const { name } of [table.keySchema.hash, ...(index === undefined ? [] : [index.keySchema.hash])]) {
      requireHashSize(place[name]!);
    }
    return;
  }
  const why = isScan && index === undefined ? ': The provided key element does not match the schema' : '';
  throw invalid(`The provided starting key is invalid${why}`);
}

/** Refuses a place outside of what the query looks for. */
export function requireWithin(
  { keySchema: { hash, range } }: Pick<Table, 'keySchema'>,
  condition: KeyCondition,
  place: Item | undefined,
): void {
  if (place === undefined) return;
  const isSameHash = equal(place[hash.name]!, condition.hash);
  if (condition.range === undefined) {
    if (isSameHash) return;
    throw invalid('The provided starting key is outside query boundaries based on provided conditions');
  }
  if (!isInRange(condition.range, place[range!.name]!)) {
    throw invalid('The provided starting key does not match the range key predicate');
  }
  if (isSameHash) return;
  throw invalid('The query can return at most one row and cannot be restarted');
}
