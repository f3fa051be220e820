import { operation } from '../operation.ts';
import { changeMonitoring, disableMonitoringInput, monitoringOutput } from '../parts/enhanced-monitoring.ts';

export const disableEnhancedMonitoring = operation({
  name: 'DisableEnhancedMonitoring',
  summary: 'Takes shard-level metrics out of those that are chosen.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'stream' },
  input: disableMonitoringInput,
  output: monitoringOutput,
  prepare: (world, request, caller) =>
    changeMonitoring(world, request, caller, (now, named) => now.difference(named)),
});
