import { parseArn, partitionOf } from '../../../kinesis/arn.ts';
import type { TableName } from '../tables/table.ts';

/** What a call reads: a table or one of its indexes. */
export function searchedArn(name: TableName, index: string | undefined): string {
  return index === undefined ? tableArn(name) : indexArn(name, index);
}

export function tableArn({ region, account, name }: TableName): string {
  return `arn:${partitionOf(region)}:dynamodb:${region}:${account}:table/${name}`;
}

export function indexArn(table: TableName, index: string): string {
  return `${tableArn(table)}/index/${index}`;
}

/** The table that the ARN is of, or of whose index it is. */
export function tableOfArn(arn: string): TableName | undefined {
  const parsed = parseArn(arn);
  const match = parsed?.service === 'dynamodb' ? resourceForm.exec(parsed.resource) : null;
  return match === null ? undefined : { account: parsed!.account, region: parsed!.region, name: match[1]! };
}

const resourceForm = /^table\/([a-zA-Z0-9_.-]{3,255})(?:\/index\/[a-zA-Z0-9_.-]{3,255})?$/;
