import type { Operation } from '../../rpc/operation.ts';
import { createTable } from './operations/create-table.ts';
import { deleteTable } from './operations/delete-table.ts';
import { deleteItem } from './operations/delete-item.ts';
import { describeTable } from './operations/describe-table.ts';
import { getItem } from './operations/get-item.ts';
import { listTables } from './operations/list-tables.ts';
import { putItem } from './operations/put-item.ts';
import { query } from './operations/query.ts';
import { scan } from './operations/scan.ts';
import { updateItem } from './operations/update-item.ts';
import { updateTable } from './operations/update-table.ts';
import type { DynamodbWorld } from './world.ts';

/** Every operation that is served, in the order of the API page. */
const all = [
  createTable,
  describeTable,
  listTables,
  updateTable,
  deleteTable,
  putItem,
  getItem,
  updateItem,
  deleteItem,
  query,
  scan,
];

/** By name. */
export const operations: ReadonlyMap<string, Operation<DynamodbWorld>> = new Map(
  all.map((operation: Operation<DynamodbWorld>) => [operation.name, operation]),
);
