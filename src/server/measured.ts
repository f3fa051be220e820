import { sortedDimensions } from '../services/cloudwatch/metrics/metric.ts';
import type { MetricStore } from '../services/cloudwatch/metrics/metric-store.ts';
import type { Datum } from '../services/cloudwatch/metrics/metrics.ts';
import { type Sample, sampleOf } from '../services/cloudwatch/metrics/sample.ts';
import type { CountedMetric, MetricStatistics } from '../stream/metrics/metric-port.ts';

/** What is counted here as metrics of CloudWatch. */
export function measuredIn(metrics: Pick<MetricStore, 'put'>): MeasuredPort {
  return {
    put: (namespace, data) => metrics.put(data.flatMap((counted) => datumOf(namespace, counted) ?? [])),
  };
}

/** A `MetricPort` that takes statistics, too. */
type MeasuredPort = {
  put(namespace: string, data: readonly (CountedMetric | MetricStatistics)[]): Promise<void>;
};

function datumOf(namespace: string, counted: CountedMetric | MetricStatistics): Datum | undefined {
  const { account, region, name, dimensions, unit, time } = counted;
  const sample = 'values' in counted ? sampleOf(counted.values, counted.counts) : statisticsOf(counted);
  if (sample === undefined) return undefined;
  return {
    metric: { account, region, namespace, name, dimensions: sortedDimensions(dimensions) },
    ...{ unit, time, sample },
  };
}

function statisticsOf({ count, sum, minimum, maximum }: MetricStatistics): Sample {
  return { count, sum, minimum, maximum };
}
