import { operation } from '../../../rpc/operation.ts';
import { changeMonitoring, disableMonitoringInput, monitoringOutput } from '../parts/enhanced-monitoring.ts';

export const disableEnhancedMonitoring = operation({
  name: 'DisableEnhancedMonitoring',
  summary: 'Takes shard-level metrics out of those that are chosen.',
  rate: { perSecond: 5, per: 'stream' },
  input: disableMonitoringInput,
  output: monitoringOutput,
  handle: (service, request, caller) =>
    changeMonitoring(service, request, caller, (now, named) => now.difference(named)),
});
