import type { Caller } from '../../../access/caller.ts';
import { streamKeyOf } from '../../../catalog/state.ts';
import { formatStreamArn } from '../../../kinesis/arn.ts';
import type { Stream } from '../../../kinesis/stream.ts';
import type { Prepared } from '../../../rpc/operation.ts';
import { type OutputOf, required, structure, type TypeOf } from '../../../wire/shape.ts';
import type { KinesisWorld } from '../world.ts';
import { onStream } from './prepare.ts';
import { metricsNames, metricsNameValues, streamArn, streamName, target } from './shapes.ts';
import { requireActive, requireStreamAt } from './target.ts';

type MetricsName = (typeof metricsNameValues)[number];

const members = { ...target, ShardLevelMetrics: required(metricsNames) };
export const enableMonitoringInput = structure('EnableEnhancedMonitoringInput', members);
export const disableMonitoringInput = structure('DisableEnhancedMonitoringInput', members);

export const monitoringOutput = structure('EnhancedMonitoringOutput', {
  StreamName: streamName,
  CurrentShardLevelMetrics: metricsNames,
  DesiredShardLevelMetrics: metricsNames,
  StreamARN: streamArn,
});

/** Sets a stream's shard-level metrics; answers those before and those after. */
export function changeMonitoring(
  { catalog }: KinesisWorld,
  request: TypeOf<typeof enableMonitoringInput>,
  caller: Caller,
  combine: (now: ReadonlySet<MetricsName>, named: ReadonlySet<MetricsName>) => ReadonlySet<MetricsName>,
): Prepared<Promise<OutputOf<typeof monitoringOutput>>> {
  return onStream(request, caller, async (address) => {
    const named = new Set(request.ShardLevelMetrics.flatMap((name) => (name === 'ALL' ? single : [name])));
    let before: MetricsName[] = [];
    let after: MetricsName[] = [];
    await catalog.commit((state) => {
      const stream = requireStreamAt(state, address);
      requireActive(stream);
      before = metricsOf(stream);
      const wanted = combine(new Set(before), named);
      after = single.filter((name) => wanted.has(name));
      return [{ kind: 'settings-changed', key: streamKeyOf(stream), settings: { metrics: after } }];
    });
    return {
      StreamName: address.name,
      CurrentShardLevelMetrics: before,
      DesiredShardLevelMetrics: after,
      StreamARN: formatStreamArn(address),
    };
  });
}

/** The metrics of a stream, in AWS's order. */
export function metricsOf(stream: Stream): MetricsName[] {
  return single.filter((name) => stream.metrics.includes(name));
}

const single = metricsNameValues.filter((name) => name !== 'ALL');
