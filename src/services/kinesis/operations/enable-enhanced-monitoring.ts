import { operation } from '../../../rpc/operation.ts';
import { changeMonitoring, enableMonitoringInput, monitoringOutput } from '../parts/enhanced-monitoring.ts';

export const enableEnhancedMonitoring = operation({
  name: 'EnableEnhancedMonitoring',
  summary: 'Chooses shard-level metrics. So far they are shown by DescribeStream and not published.',
  rate: { perSecond: 5, per: 'stream' },
  input: enableMonitoringInput,
  output: monitoringOutput,
  handle: (service, request, caller) =>
    changeMonitoring(service, request, caller, (now, named) => now.union(named)),
});
