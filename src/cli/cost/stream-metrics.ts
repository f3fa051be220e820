import type { Millis } from '../../env/clock.ts';
import type { FoundStream } from './aws-usages.ts';
import type { AskJson } from './service-calls.ts';

/** Sums of a stream's metrics over a time. */
export type StreamMetrics = {
  readonly records: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly fanOutBytes: number;
};

/** By the streams' places in the list (developer guide, "Monitoring with Amazon CloudWatch"). */
export async function sumsOf(
  ask: AskJson,
  streams: readonly FoundStream[],
  over: { readonly end: Millis; readonly overMs: Millis },
): Promise<readonly StreamMetrics[]> {
  const wanted = streams.flatMap((stream, index) => metricsOf(stream).map((one) => ({ index, ...one })));
  const sums = streams.map(() => ({ records: 0, bytesIn: 0, bytesOut: 0, fanOutBytes: 0 }));
  for (let first = 0; first < wanted.length; first += queriesMax) {
    const some = wanted.slice(first, first + queriesMax);
    for (const { Id, Values } of await resultsOf(ask, some, over)) {
      const { index, sum } = some[Number(Id.slice(1))]!;
      sums[index]![sum] += Values.reduce((total, value) => total + value, 0);
    }
  }
  return sums;
}

/** CloudWatch API reference, GetMetricData. */
const queriesMax = 500;

type Wanted = { readonly sum: keyof StreamMetrics; readonly metric: string; readonly consumer?: string };

function metricsOf({ name, consumers }: FoundStream): readonly (Wanted & { readonly stream: string })[] {
  const wanted: readonly Wanted[] = [
    { sum: 'records', metric: 'IncomingRecords' },
    { sum: 'bytesIn', metric: 'IncomingBytes' },
    { sum: 'bytesOut', metric: 'GetRecords.Bytes' },
    ...consumers.map((consumer) => ({
      ...{ sum: 'fanOutBytes' as const, metric: 'SubscribeToShardEvent.Bytes', consumer },
    })),
  ];
  return wanted.map((one) => ({ ...one, stream: name }));
}

type Result = { readonly Id: string; readonly Values: readonly number[] };

async function resultsOf(
  ask: AskJson,
  wanted: readonly (Wanted & { readonly stream: string })[],
  { end, overMs }: { readonly end: Millis; readonly overMs: Millis },
): Promise<readonly Result[]> {
  const queries = wanted.map(({ metric, stream, consumer }, index) => {
    const dimensions = [
      { Name: 'StreamName', Value: stream },
      ...(consumer === undefined ? [] : [{ Name: 'ConsumerName', Value: consumer }]),
    ];
    const named = { Namespace: 'AWS/Kinesis', MetricName: metric, Dimensions: dimensions };
    return { Id: `m${index}`, MetricStat: { Metric: named, Period: periodSeconds(overMs), Stat: 'Sum' } };
  });
  const times = { StartTime: (end - overMs) / 1000, EndTime: end / 1000 };
  const results: Result[] = [];
  let next: object = {};
  for (;;) {
    const page = await ask<{ MetricDataResults: readonly Result[]; NextToken?: string | null }>(
      'GraniteServiceVersion20100801.GetMetricData',
      { MetricDataQueries: queries, ...times, ...next },
    );
    results.push(...page.MetricDataResults);
    if (page.NextToken === undefined || page.NextToken === null) return results;
    next = { NextToken: page.NextToken };
  }
}

/** Minutes are kept for 15 days, hours for longer (CloudWatch user guide, "Metrics retention"). */
function periodSeconds(overMs: Millis): number {
  return overMs > 15 * 86_400_000 ? 3600 : 60;
}
