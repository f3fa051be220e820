import type { Caller } from '../../../access/caller.ts';
import { dynamodbError, invalid } from '../errors.ts';
import type { Table } from '../tables/table.ts';
import type { TableView } from '../tables/table-store.ts';
import { tableOfArn } from './table-arn.ts';

/** The table that an ARN names, which is what tags are of. The misspelt word is AWS's. */
export function requireTagged(view: Pick<TableView, 'table'>, arn: string, { region }: Caller): Table {
  const name = arn.includes('/index/') ? undefined : tableOfArn(arn);
  if (name === undefined) throw invalid(`Invalid TableArn: Invalid ResourceArn provided as input ${arn}`);
  const table = name.region === region ? view.table(name) : undefined;
  if (table !== undefined) return table;
  throw dynamodbError(
    'ResourceNotFoundException',
    `Requested resource not found: ResourcArn: ${arn} not found`,
  );
}
