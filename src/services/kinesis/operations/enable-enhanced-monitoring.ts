import { operation } from '../operation.ts';
import { changeMonitoring, enableMonitoringInput, monitoringOutput } from '../parts/enhanced-monitoring.ts';

export const enableEnhancedMonitoring = operation({
  name: 'EnableEnhancedMonitoring',
  summary: 'Chooses shard-level metrics. So far they are shown by DescribeStream and not published.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'stream' },
  input: enableMonitoringInput,
  output: monitoringOutput,
  prepare: (world, request, caller) =>
    changeMonitoring(world, request, caller, (now, named) => now.union(named)),
});
