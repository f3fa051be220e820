import { sortedDimensions } from '../services/cloudwatch/metrics/metric.ts';
import type { MetricStore } from '../services/cloudwatch/metrics/metric-store.ts';
import type { Datum } from '../services/cloudwatch/metrics/metrics.ts';
import { sampleOf } from '../services/cloudwatch/metrics/sample.ts';
import type { CountedMetric, MetricPort } from '../stream/metrics/metric-port.ts';

/** What is counted here as metrics of CloudWatch. */
export function measuredIn(metrics: Pick<MetricStore, 'put'>): MetricPort {
  return {
    put: (namespace, data) => metrics.put(data.flatMap((counted) => datumOf(namespace, counted) ?? [])),
  };
}

function datumOf(namespace: string, counted: CountedMetric): Datum | undefined {
  const { account, region, name, dimensions, unit, time, values, counts } = counted;
  const sample = sampleOf(values, counts);
  if (sample === undefined) return undefined;
  return {
    metric: { account, region, namespace, name, dimensions: sortedDimensions(dimensions) },
    ...{ unit, time, sample },
  };
}
