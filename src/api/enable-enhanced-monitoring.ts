import { changeMonitoring, enableMonitoringInput, monitoringOutput } from './enhanced-monitoring.ts';
import { operation } from './operation.ts';

export const enableEnhancedMonitoring = operation({
  name: 'EnableEnhancedMonitoring',
  summary: 'Begins to publish shard-level metrics.',
  rate: { perSecond: 5, per: 'stream' },
  input: enableMonitoringInput,
  output: monitoringOutput,
  handle: (service, request, caller) =>
    changeMonitoring(service, request, caller, (now, named) => now.union(named)),
});
