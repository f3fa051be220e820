import type { Operation } from '../../rpc/operation.ts';
import { getMetricData } from './operations/get-metric-data.ts';
import { getMetricStatistics } from './operations/get-metric-statistics.ts';
import { listMetrics } from './operations/list-metrics.ts';
import { putMetricData } from './operations/put-metric-data.ts';
import type { CloudWatchWorld } from './world.ts';

/** Every operation that is served, in the order of the API page. */
const all = [putMetricData, getMetricData, getMetricStatistics, listMetrics];

/** By name. */
export const operations: ReadonlyMap<string, Operation<CloudWatchWorld>> = new Map(
  all.map((operation: Operation<CloudWatchWorld>) => [operation.name, operation]),
);
