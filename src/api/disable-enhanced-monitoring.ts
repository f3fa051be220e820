import { changeMonitoring, disableMonitoringInput, monitoringOutput } from './enhanced-monitoring.ts';
import { operation } from './operation.ts';

export const disableEnhancedMonitoring = operation({
  name: 'DisableEnhancedMonitoring',
  summary: 'Ceases to publish shard-level metrics.',
  rate: { perSecond: 5, per: 'stream' },
  input: disableMonitoringInput,
  output: monitoringOutput,
  handle: (service, request, caller) =>
    changeMonitoring(service, request, caller, (now, named) => now.difference(named)),
});
