import { required, string, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { tableName } from '../parts/item-shapes.ts';
import { readTable } from '../parts/table-change.ts';

export const describeTimeToLive = operation({
  name: 'DescribeTimeToLive',
  summary: 'Says which attribute tells when an item is to be deleted, if any.',
  runs: 'owner',
  input: structure('DescribeTimeToLiveInput', { TableName: required(tableName) }),
  output: structure('DescribeTimeToLiveOutput', {
    TimeToLiveDescription: structure('TimeToLiveDescription', {
      TimeToLiveStatus: string({ values: ['ENABLING', 'DISABLING', 'ENABLED', 'DISABLED'] }),
      AttributeName: string({ min: 1, max: 255 }),
    }),
  }),
  prepare: (world, { TableName }, caller) =>
    readTable(world, TableName, caller, ({ timeToLive }) => ({
      TimeToLiveDescription: timeToLive?.isEnabled
        ? { TimeToLiveStatus: 'ENABLED' as const, AttributeName: timeToLive.attribute }
        : { TimeToLiveStatus: 'DISABLED' as const },
    })),
});
