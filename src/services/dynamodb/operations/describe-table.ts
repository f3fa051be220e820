import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { tableName } from '../parts/item-shapes.ts';
import { readTable } from '../parts/table-change.ts';
import { tableDescription } from '../parts/table-shapes.ts';
import { viewTable } from '../parts/table-view.ts';
import { storeOf } from '../world.ts';

export const describeTable = operation({
  name: 'DescribeTable',
  summary: 'Describes a table: its keys, its indexes, how many items it has, and what state it is in.',
  runs: 'owner',
  input: structure('DescribeTableInput', { TableName: required(tableName) }),
  output: structure('DescribeTableOutput', { Table: tableDescription }),
  prepare: (world, { TableName }, caller) =>
    readTable(world, TableName, caller, (table) => ({ Table: viewTable(storeOf(world), table) })),
});
