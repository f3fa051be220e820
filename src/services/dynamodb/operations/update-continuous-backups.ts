import { boolean, integer, required, structure } from '../../../wire/shape.ts';
import { backedUpNotFound } from '../errors.ts';
import { operation } from '../operation.ts';
import { tableName } from '../parts/item-shapes.ts';
import { recoveryDays, viewRecovery } from '../parts/recovery.ts';
import { changeTable } from '../parts/table-change.ts';
import { continuousBackups } from '../parts/table-shapes.ts';

export const updateContinuousBackups = operation({
  name: 'UpdateContinuousBackups',
  summary: 'Keeps whether a table is to have point-in-time recovery; nothing is restored here.',
  runs: 'owner',
  input: structure('UpdateContinuousBackupsInput', {
    TableName: required(tableName),
    PointInTimeRecoverySpecification: required(
      structure('PointInTimeRecoverySpecification', {
        PointInTimeRecoveryEnabled: required(boolean()),
        RecoveryPeriodInDays: integer({ min: 1, max: 35 }),
      }),
    ),
  }),
  output: structure('UpdateContinuousBackupsOutput', { ContinuousBackupsDescription: continuousBackups }),
  prepare: (world, { TableName, PointInTimeRecoverySpecification: asked }, caller) =>
    changeTable(
      world,
      TableName,
      caller,
      ({ pointInTimeRecovery: before, ...table }) => {
        if (!asked.PointInTimeRecoveryEnabled) return table;
        const since = before?.since ?? world.clock.now();
        const days = asked.RecoveryPeriodInDays ?? before?.days ?? recoveryDays;
        return { ...table, pointInTimeRecovery: { since, days } };
      },
      (table) => ({ ContinuousBackupsDescription: viewRecovery(table, world.clock.now()) }),
      backedUpNotFound,
    ),
});
