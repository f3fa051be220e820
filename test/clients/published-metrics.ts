import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CloudWatchClient,
  GetMetricStatisticsCommand,
  type Metric,
  paginateListMetrics,
} from '@aws-sdk/client-cloudwatch';

/** The metrics of a namespace. */
export async function metricsIn(
  client: CloudWatchClient,
  Namespace: string,
  MetricName?: string,
): Promise<Metric[]> {
  const found: Metric[] = [];
  const query = MetricName === undefined ? { Namespace } : { Namespace, MetricName };
  for await (const { Metrics = [] } of paginateListMetrics({ client }, query)) found.push(...Metrics);
  return found;
}

/** The sum of all that was put as metrics of a name, over the last hours, in whatever dimensions. */
export async function sumOf(client: CloudWatchClient, metrics: readonly Metric[]): Promise<number> {
  const now = Date.now();
  const span = { StartTime: new Date(now - 2 * 3_600_000), EndTime: new Date(now + 60_000), Period: 60 };
  const sums = await Promise.all(
    metrics.map(async ({ Namespace, MetricName, Dimensions }) => {
      const query = { Namespace, MetricName, Dimensions, ...span, Statistics: ['Sum' as const] };
      const { Datapoints = [] } = await client.send(new GetMetricStatisticsCommand(query));
      return Datapoints.reduce((total, { Sum = 0 }) => total + Sum, 0);
    }),
  );
  return sums.reduce((total, sum) => total + sum, 0);
}

/** A metric in each of the values of some dimensions. */
export type Published = { readonly namespace: string; readonly name: string; readonly by: readonly string[] };

/**
 * The sum of a metric once it is at least what was expected: metrics are published some time after what they
 * count. What it is by then, when that does not come to pass.
 */
export async function sumOnce(
  client: CloudWatchClient,
  { namespace, name, by }: Published,
  expected: number,
): Promise<number> {
  for (let waitedMs = 0; ; waitedMs += 500) {
    const metrics = await metricsIn(client, namespace, name);
    const sum = await sumOf(
      client,
      metrics.filter((metric) => dimensionsOf(metric) === [...by].sort().join()),
    );
    if (sum >= expected || waitedMs > 120_000) return sum;
    await sleep(500);
  }
}

function dimensionsOf({ Dimensions = [] }: Metric): string {
  return Dimensions.map(({ Name }) => Name!)
    .sort()
    .join();
}
