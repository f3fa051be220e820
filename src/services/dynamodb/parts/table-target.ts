import type { Caller } from '../../../access/caller.ts';
import { invalid, notFound, tableNotFound } from '../errors.ts';
import type { SecondaryIndex, Table, TableName } from '../tables/table.ts';
import type { TableView } from '../tables/table-store.ts';
import { tableArn, tableOfArn } from './table-arn.ts';

/** Whose tables a caller names. */
type Whose = Pick<Caller, 'account' | 'region'>;

/** The table that a request names, by name or ARN. Throws a ValidationException for what is neither. */
export function tableNamed(text: string, caller: Whose): TableName {
  const name = findTableName(text, caller);
  if (name !== undefined) return name;
  throw invalid(
    'Invalid table/index name.  Table/index names must be between 3 and 255 characters long, and may contain ' +
      "only the characters a-z, A-Z, 0-9, '_', '-', and '.'",
  );
}

/** The resource of a call: the ARN of the table that it names, `*` where it names none. */
export function resourceOf(text: string, caller: Whose): string {
  const name = findTableName(text, caller);
  return name === undefined ? '*' : tableArn(name);
}

/** An endpoint of AWS serves one region: of another one it knows no tables. */
function findTableName(text: string, { account, region }: Whose): TableName | undefined {
  if (nameForm.test(text)) return { account, region, name: text };
  const named = tableOfArn(text);
  if (named === undefined || text.includes('/index/')) return undefined;
  return named.region === region ? named : { ...named, region: nowhere };
}

/** Regions have names. */
const nowhere = '';

const nameForm = /^[a-zA-Z0-9_.-]{3,255}$/;

/** The table, in whatever state; ResourceNotFoundException as operations on tables word it. */
export function requireTable(
  view: Pick<TableView, 'table'>,
  name: TableName,
  missing = tableNotFound,
): Table {
  const table = view.table(name);
  if (table === undefined) throw missing(name.name);
  return table;
}

/** The table for an operation on items: one that is not there yet, or not any more, is not found. */
export function requireItems(view: Pick<TableView, 'table'>, name: TableName): Table {
  const table = view.table(name);
  if (table === undefined || table.status === 'CREATING' || table.status === 'DELETING') throw notFound();
  return table;
}

/** The index to be read; undefined when the request names none. */
export function requireIndex(table: Table, name: string | undefined): SecondaryIndex | undefined {
  if (name === undefined) return undefined;
  const index = table.indexes.find((candidate) => candidate.name === name);
  if (index === undefined || index.status === 'DELETING') {
    throw invalid(`The table does not have the specified index: ${name}`);
  }
  if (index.status === 'CREATING') {
    throw invalid(`Cannot read from backfilling global secondary index: ${name}`);
  }
  return index;
}

/** Of a global index, which AWS fills a moment after the table, no read is consistent. */
export function requireConsistency(index: SecondaryIndex | undefined, isConsistent: boolean): void {
  if (!isConsistent || index?.kind !== 'global') return;
  throw invalid('Consistent reads are not supported on global secondary indexes');
}
