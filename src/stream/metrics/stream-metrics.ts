import type { Millis } from '../../env/clock.ts';
import { formatShardId } from '../../kinesis/shard-id.ts';
import { isHidden, type Stream } from '../../kinesis/stream.ts';
import type { MeasuredCalls } from './call-statistics.ts';
import type { MetricName, MetricStatistics } from './metric-port.ts';
import { type CallMetric, statisticsIn } from './statistics.ts';

/**
 * What was measured in a minute as metrics of `AWS/Kinesis`: those of streams and consumers always, those of
 * shards that are enabled. Of streams that are gone, nothing.
 */
export function streamMetrics(
  streams: Iterable<Stream>,
  time: Millis,
  measured: readonly MeasuredCalls[],
): MetricStatistics[] {
  const byId = new Map(Array.from(streams, (stream) => [stream.id, stream]));
  return measured.flatMap(({ stream: id, shard, consumer, values }) => {
    const stream = byId.get(id);
    if (stream === undefined || isHidden(stream)) return [];
    const { account, region } = stream;
    const dimensions = dimensionsOf(stream, shard, consumer);
    const isPublished = (name: CallMetric) => shard === undefined || isEnabled(stream, name);
    return [...statisticsIn(values)]
      .filter(({ name }) => isPublished(name))
      .map((statistics) => ({ ...statistics, account, region, time, dimensions }));
  });
}

function isEnabled({ metrics }: Stream, name: CallMetric): boolean {
  return metrics.includes(name);
}

function dimensionsOf(
  { name }: Stream,
  shard: number | undefined,
  consumer: string | undefined,
): MetricName['dimensions'] {
  const own = { name: 'StreamName', value: name };
  if (shard !== undefined) return [own, { name: 'ShardId', value: formatShardId(shard) }];
  return consumer === undefined ? [own] : [own, { name: 'ConsumerName', value: consumer }];
}
