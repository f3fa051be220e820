import { required, structure } from '../../../wire/shape.ts';
import { backedUpNotFound } from '../errors.ts';
import { operation } from '../operation.ts';
import { tableName } from '../parts/item-shapes.ts';
import { viewRecovery } from '../parts/recovery.ts';
import { readTable } from '../parts/table-change.ts';
import { continuousBackups } from '../parts/table-shapes.ts';

export const describeContinuousBackups = operation({
  name: 'DescribeContinuousBackups',
  summary: 'Says whether a table is to have point-in-time recovery, as it was last set.',
  runs: 'owner',
  input: structure('DescribeContinuousBackupsInput', { TableName: required(tableName) }),
  output: structure('DescribeContinuousBackupsOutput', { ContinuousBackupsDescription: continuousBackups }),
  prepare: (world, { TableName }, caller) =>
    readTable(
      world,
      TableName,
      caller,
      (table) => ({ ContinuousBackupsDescription: viewRecovery(table, world.clock.now()) }),
      backedUpNotFound,
    ),
});
