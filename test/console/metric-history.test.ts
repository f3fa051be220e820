import assert from 'node:assert/strict';
import { test } from 'node:test';
import { historyInput, historyOf, historyQueries } from '../../console/pages/stream/charts/metric-history.ts';

const range = { seconds: 240, periodSeconds: 60 };

test('metrics are asked for by AWS’s names, those of consumers by their own', () => {
  const queries = historyQueries(['audit']);
  const input = historyInput('orders', queries, range, 1_000_001);
  assert.deepEqual([input.StartTime, input.EndTime], [999_780, 1_000_020]);
  const { Id, MetricStat } = input.MetricDataQueries.at(-1)!;
  assert.equal(Id, `m${queries.length - 1}`);
  assert.deepEqual(MetricStat, {
    Metric: {
      Namespace: 'AWS/Kinesis',
      MetricName: 'SubscribeToShardEvent.MillisBehindLatest',
      Dimensions: [
        { Name: 'StreamName', Value: 'orders' },
        { Name: 'ConsumerName', Value: 'audit' },
      ],
    },
    Period: 60,
    Stat: 'Maximum',
  });
});

test('sums become rates by second, ages the greatest, and what is missing nothing', () => {
  const queries = historyQueries(['audit']);
  const idOf = (metric: string) => `m${queries.findIndex((query) => query.metric === metric)}`;
  const result = (metric: string, Timestamps: number[], Values: number[]) => ({
    Id: idOf(metric),
    Timestamps,
    Values,
  });
  const history = historyOf(
    queries,
    [
      result('IncomingRecords', [600, 720], [60, 120]),
      result('GetRecords.Records', [600], [30]),
      result('SubscribeToShardEvent.Records', [600], [90]),
      result('GetRecords.IteratorAgeMilliseconds', [660], [5]),
      result('SubscribeToShardEvent.MillisBehindLatest', [660], [9]),
    ],
    { StartTime: 600, EndTime: 840 },
    60,
  )!;
  assert.deepEqual(history.times, [600, 660, 720, 780]);
  assert.deepEqual(history.recordsIn, [1, 0, 2, 0]);
  assert.deepEqual(history.recordsOut, [2, 0, 0, 0]);
  assert.deepEqual(history.lag, [null, 9, null, null]);
});

test('without any metrics there is no history', () => {
  assert.equal(historyOf(historyQueries([]), [], { StartTime: 0, EndTime: 60 }, 60), undefined);
});
