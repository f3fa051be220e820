/** A span that is shown of what CloudWatch keeps, and the period of its points. */
export type HistoryRange = { readonly seconds: number; readonly periodSeconds: number };

/** Minutes are kept for 15 days, five minutes for 63 (CloudWatch user guide, "Metrics concepts"). */
export const historyRanges = {
  '3h': { seconds: 3 * 3600, periodSeconds: 60 },
  '1d': { seconds: 24 * 3600, periodSeconds: 300 },
  '1w': { seconds: 7 * 24 * 3600, periodSeconds: 3600 },
} as const satisfies Readonly<Record<string, HistoryRange>>;

/** Rates by second, and the age of what was read in milliseconds. */
export type HistorySeries = 'recordsIn' | 'bytesIn' | 'recordsOut' | 'bytesOut' | 'throttled' | 'lag';

/** Points of all series at the same times; null where nothing was read. */
export type MetricHistory = { readonly times: readonly number[] } & {
  readonly [Series in HistorySeries]: readonly (number | null)[];
};

type MetricQuery = { readonly series: HistorySeries; readonly metric: string; readonly consumer?: string };

/** What adds up to each series, by AWS's names (Kinesis developer guide, "Monitoring with CloudWatch"). */
export function historyQueries(consumers: readonly string[]): MetricQuery[] {
  return [
    { series: 'recordsIn', metric: 'IncomingRecords' },
    { series: 'bytesIn', metric: 'IncomingBytes' },
    { series: 'recordsOut', metric: 'GetRecords.Records' },
    { series: 'bytesOut', metric: 'GetRecords.Bytes' },
    { series: 'throttled', metric: 'WriteProvisionedThroughputExceeded' },
    { series: 'throttled', metric: 'ReadProvisionedThroughputExceeded' },
    { series: 'lag', metric: 'GetRecords.IteratorAgeMilliseconds' },
    ...consumers.flatMap((consumer): MetricQuery[] => [
      { series: 'recordsOut', metric: 'SubscribeToShardEvent.Records', consumer },
      { series: 'bytesOut', metric: 'SubscribeToShardEvent.Bytes', consumer },
      { series: 'lag', metric: 'SubscribeToShardEvent.MillisBehindLatest', consumer },
    ]),
  ];
}

/** The input of GetMetricData for them, until now in seconds. */
export function historyInput(
  stream: string,
  queries: readonly MetricQuery[],
  { seconds, periodSeconds }: HistoryRange,
  now: number,
) {
  const end = Math.ceil(now / periodSeconds) * periodSeconds;
  return {
    StartTime: end - seconds,
    EndTime: end,
    ScanBy: 'TimestampAscending',
    MetricDataQueries: queries.map(({ series, metric, consumer }, index) => ({
      Id: `m${index}`,
      MetricStat: {
        Metric: {
          Namespace: 'AWS/Kinesis',
          MetricName: metric,
          Dimensions: [
            { Name: 'StreamName', Value: stream },
            ...(consumer === undefined ? [] : [{ Name: 'ConsumerName', Value: consumer }]),
          ],
        },
        Period: periodSeconds,
        Stat: series === 'lag' ? 'Maximum' : 'Sum',
      },
    })),
  };
}

export type MetricResult = {
  readonly Id: string;
  readonly Timestamps: readonly number[];
  readonly Values: readonly number[];
};

/** Puts results together: sums as rates, ages as the greatest. Undefined when there is nothing at all. */
export function historyOf(
  queries: readonly MetricQuery[],
  results: readonly MetricResult[],
  { StartTime, EndTime }: { readonly StartTime: number; readonly EndTime: number },
  periodSeconds: number,
): MetricHistory | undefined {
  if (results.every(({ Values }) => Values.length === 0)) return undefined;
  const count = Math.round((EndTime - StartTime) / periodSeconds);
  const rates = () => Array.from<number | null>({ length: count }).fill(0);
  const history = {
    ...{ recordsIn: rates(), bytesIn: rates(), recordsOut: rates(), bytesOut: rates(), throttled: rates() },
    lag: Array.from<number | null>({ length: count }).fill(null),
  };
  for (const { Id, Timestamps, Values } of results) {
    const { series } = queries[Number(Id.slice(1))]!;
    const points = history[series];
    for (const [index, time] of Timestamps.entries()) {
      const at = Math.floor((time - StartTime) / periodSeconds);
      if (at < 0 || at >= count) continue;
      const value = Values[index]!;
      points[at] = series === 'lag' ? Math.max(points[at] ?? 0, value) : points[at]! + value / periodSeconds;
    }
  }
  return { times: Array.from({ length: count }, (_, at) => StartTime + at * periodSeconds), ...history };
}
