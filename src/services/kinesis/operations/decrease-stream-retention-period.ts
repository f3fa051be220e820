import { operation } from '../operation.ts';
import { changeRetention, decreaseInput, wrongWay } from '../parts/retention-period.ts';

export const decreaseStreamRetentionPeriod = operation({
  name: 'DecreaseStreamRetentionPeriod',
  summary: 'Keeps records for a shorter time, at least a day. Older ones are gone at once.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'stream' },
  input: decreaseInput,
  output: undefined,
  prepare: (world, request, caller) =>
    changeRetention(world, request, caller, (stream, hours) => {
      if (hours > stream.retentionHours) throw wrongWay(stream, hours, 'longer', 'IncreaseRetentionPeriod');
    }),
});
