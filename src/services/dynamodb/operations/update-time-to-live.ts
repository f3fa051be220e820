import { required, structure } from '../../../wire/shape.ts';
import { invalid } from '../errors.ts';
import { operation } from '../operation.ts';
import { tableName } from '../parts/item-shapes.ts';
import { changeTable, requireActive } from '../parts/table-change.ts';
import { timeToLive } from '../parts/table-shapes.ts';
import type { Table } from '../tables/table.ts';

export const updateTimeToLive = operation({
  name: 'UpdateTimeToLive',
  summary: 'Has items deleted once the time that one of their attributes says is past, or no longer.',
  runs: 'owner',
  input: structure('UpdateTimeToLiveInput', {
    TableName: required(tableName),
    TimeToLiveSpecification: required(timeToLive),
  }),
  output: structure('UpdateTimeToLiveOutput', { TimeToLiveSpecification: timeToLive }),
  prepare: (world, { TableName, TimeToLiveSpecification: asked }, caller) =>
    changeTable(
      world,
      TableName,
      caller,
      (table) => {
        requireActive(table);
        requireChange(table, asked.Enabled, asked.AttributeName);
        return { ...table, timeToLive: { attribute: asked.AttributeName, isEnabled: asked.Enabled } };
      },
      () => ({ TimeToLiveSpecification: asked }),
    ),
});

function requireChange({ timeToLive: current }: Table, isEnabled: boolean, attribute: string): void {
  const isOn = current?.isEnabled ?? false;
  if (isOn && current?.attribute !== attribute) {
    throw invalid(
      `TimeToLive is active on a different AttributeName: current AttributeName is ${current?.attribute}`,
    );
  }
  if (isOn === isEnabled) throw invalid(`TimeToLive is already ${isOn ? 'enabled' : 'disabled'}`);
}
