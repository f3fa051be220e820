import { required, structure } from '../../../wire/shape.ts';
import { invalid } from '../errors.ts';
import { operation } from '../operation.ts';
import { tableName } from '../parts/item-shapes.ts';
import { tableArn } from '../parts/table-arn.ts';
import { changeTable, requireActive } from '../parts/table-change.ts';
import { tableDescription } from '../parts/table-shapes.ts';
import { viewTable } from '../parts/table-view.ts';
import { storeOf } from '../world.ts';

export const deleteTable = operation({
  name: 'DeleteTable',
  summary: 'Deletes a table with all of its items, unless it is protected.',
  runs: 'owner',
  input: structure('DeleteTableInput', { TableName: required(tableName) }),
  output: structure('DeleteTableOutput', { TableDescription: tableDescription }),
  prepare: (world, { TableName }, caller) =>
    changeTable(
      world,
      TableName,
      caller,
      (table) => {
        if (table.status !== 'UPDATING') requireActive(table);
        if (!table.deletionProtection)
          return { ...table, status: 'DELETING', statusSince: world.clock.now() };
        throw invalid(
          `Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first: ${tableArn(table)}`,
        );
      },
      (table) => ({ TableDescription: viewTable(storeOf(world), table) }),
    ),
});
