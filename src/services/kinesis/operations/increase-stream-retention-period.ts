import { operation } from '../operation.ts';
import { changeRetention, increaseInput, wrongWay } from '../parts/retention-period.ts';

export const increaseStreamRetentionPeriod = operation({
  name: 'IncreaseStreamRetentionPeriod',
  summary: 'Keeps records for longer, up to a year. What is already gone does not come back.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'stream' },
  input: increaseInput,
  output: undefined,
  prepare: (world, request, caller) =>
    changeRetention(world, request, caller, (stream, hours) => {
      if (hours < stream.retentionHours) throw wrongWay(stream, hours, 'shorter', 'DecreaseRetentionPeriod');
    }),
});
