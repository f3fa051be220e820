import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Harness } from '../kinesis/harness.ts';
import { answer, call } from './cloudwatch-calls.ts';

const now = 1_700_000_000.123;
const minute = 1_699_999_980;
const hour = 3600;
const day = 24 * hour;

type Datum = { MetricName?: string; Value?: number; Timestamp?: number; [other: string]: unknown };

async function put(server: Harness, ...data: readonly Datum[]): Promise<void> {
  const MetricData = data.map((datum) => ({ MetricName: 'm', ...datum }));
  await call(server, 'PutMetricData', { Namespace: 'app', MetricData });
}

type Datapoint = { Timestamp: number; [statistic: string]: unknown };
type Result = { Id: string; Label: string; Timestamps: number[]; Values: number[]; StatusCode: string };
type Results = { MetricDataResults: Result[]; NextToken?: string };

async function statistics(server: Harness, asked: object): Promise<Datapoint[]> {
  const usual = { Namespace: 'app', MetricName: 'm', StartTime: minute, EndTime: minute + 60, Period: 60 };
  const input = { ...usual, Statistics: ['Sum'], ...asked };
  return (await call<{ Datapoints: Datapoint[] }>(server, 'GetMetricStatistics', input)).Datapoints;
}

const query = (Id: string, stat: object = {}, rest: object = {}) => ({
  Id,
  MetricStat: { Metric: { Namespace: 'app', MetricName: 'm' }, Period: 60, Stat: 'Sum', ...stat },
  ...rest,
});

function data(server: Harness, queries: readonly object[], rest: object = {}): Promise<Results> {
  const window = { StartTime: minute - hour, EndTime: minute + hour };
  return call(server, 'GetMetricData', { ...window, MetricDataQueries: queries, ...rest });
}

test('statistics of a period are of all data in it, however they came', async () => {
  await using server = await Harness.start();
  await put(
    server,
    { Value: 5 },
    { Values: [1, 2], Counts: [2, 3] },
    { StatisticValues: { SampleCount: 4, Sum: 40, Minimum: -7, Maximum: 20 } },
    { Value: 100, Timestamp: minute - 1 },
    { Value: 100, Timestamp: minute + 60 },
  );
  const Statistics = ['SampleCount', 'Sum', 'Minimum', 'Maximum', 'Average'];
  assert.deepEqual(await statistics(server, { Statistics }), [
    { Timestamp: minute, SampleCount: 10, Average: 5.3, Sum: 53, Minimum: -7, Maximum: 20, Unit: 'None' },
  ]);
});

test('periods begin with the window, are as long as is asked, and empty ones are not there', async () => {
  await using server = await Harness.start();
  for (const ago of [0, 1, 2, 3, 10]) await put(server, { Value: 2 ** ago, Timestamp: minute - 60 * ago });
  const asked = { StartTime: minute - 600 + 7, EndTime: minute + 1, Period: 180 };
  assert.deepEqual(
    (await statistics(server, asked)).map(({ Timestamp, Sum }) => [(Timestamp - minute) / 60, Sum]),
    [
      [-10, 1024],
      [-4, 12],
      [-1, 3],
    ],
  );
});

test('each unit has data of its own, and all are told where none is asked for', async () => {
  await using server = await Harness.start();
  await put(
    server,
    { Value: 1, Unit: 'Count' },
    { Value: 2, Unit: 'Seconds' },
    { Value: 4 },
    { Value: 8, Unit: 'None' },
  );
  const units = (await statistics(server, {})).map(({ Unit, Sum }) => [Unit, Sum]);
  assert.deepEqual(units, [
    ['Seconds', 2],
    ['Count', 1],
    ['None', 12],
  ]);
  assert.deepEqual(
    (await statistics(server, { Unit: 'Count' })).map(({ Sum }) => Sum),
    [1],
  );
  assert.deepEqual(await statistics(server, { Unit: 'Bytes' }), []);
  const { MetricDataResults } = await data(server, [query('a'), query('b', { Unit: 'None' })]);
  assert.deepEqual(
    MetricDataResults.map(({ Values }) => Values),
    [[2], [12]],
  );
});

test('a metric is asked for with exactly its dimensions, in any order', async () => {
  await using server = await Harness.start();
  const one = [
    { Name: 'a', Value: '1' },
    { Name: 'b', Value: '2' },
  ];
  await put(server, { Value: 1 }, { Value: 2, Dimensions: one }, { Value: 4, Dimensions: one.slice(1) });
  for (const [Dimensions, Sum] of [
    [[], 1],
    [one.toReversed(), 2],
    [one.slice(1), 4],
  ]) {
    assert.deepEqual(
      (await statistics(server, { Dimensions })).map((point) => point['Sum']),
      [Sum],
    );
  }
  assert.deepEqual(await statistics(server, { Dimensions: one.slice(0, 1) }), []);
});

test('percentiles are of the values, where these are known', async () => {
  await using server = await Harness.start();
  const extended = (names: string[]) => ({ Statistics: undefined, ExtendedStatistics: names });
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
  await put(server, { Values: hundred.toReversed() });
  const names = ['p0', 'p1', 'p50', 'p90', 'p99.5', 'p100'];
  const [point] = await statistics(server, extended(names));
  assert.deepEqual(point!['ExtendedStatistics'], { p0: 1, p1: 1, p50: 50, p90: 90, 'p99.5': 100, p100: 100 });
  await put(server, { StatisticValues: { SampleCount: 3, Sum: 3000, Minimum: 1000, Maximum: 1000 } });
  assert.deepEqual((await statistics(server, extended(['p99'])))[0]!['ExtendedStatistics'], { p99: 1000 });
  await put(server, { StatisticValues: { SampleCount: 2, Sum: 3, Minimum: 1, Maximum: 2 } });
  assert.deepEqual(await statistics(server, extended(['p50'])), [], 'who knows which values these are?');
  const both = await statistics(server, { ExtendedStatistics: ['p50'] });
  assert.deepEqual(both, [{ Timestamp: minute, Sum: 8053, Unit: 'None' }]);
});

test('of more values than 150 percentiles are nearly right, the least and the greatest exact', async () => {
  await using server = await Harness.start();
  for (let part = 0; part < 20; part++) {
    await put(server, { Values: Array.from({ length: 150 }, (_, index) => index * 20 + part) });
  }
  const names = ['p0', 'p25', 'p50', 'p90', 'p100'];
  const [point] = await statistics(server, { ExtendedStatistics: names, Statistics: ['SampleCount'] });
  assert.equal(point!['SampleCount'], 3000);
  const found = point!['ExtendedStatistics'] as Record<string, number>;
  assert.deepEqual([found['p0'], found['p100']], [0, 2999]);
  for (const [name, value] of [
    ['p25', 750],
    ['p50', 1500],
    ['p90', 2700],
  ] as const) {
    assert.ok(Math.abs(found[name]! - value) < 60, `${name} is ${found[name]}`);
  }
});

test('what is older than three hours is told by five minutes, and no finer', async () => {
  await using server = await Harness.start();
  await put(server, ...Array.from({ length: 10 }, (_, index) => ({ Value: 1, Timestamp: now - 60 * index })));
  await server.clock.advance(4 * hour * 1000);
  await put(server, { Value: 32 });
  const old = { StartTime: minute - hour, EndTime: minute + hour };
  assert.deepEqual(await statistics(server, old), []);
  const fives = await statistics(server, { ...old, Period: 300 });
  assert.deepEqual(
    fives.map(({ Timestamp, Sum }) => [Timestamp % 300, Sum]),
    [
      [0, 1],
      [0, 5],
      [0, 4],
    ],
  );
  const all = await statistics(server, {
    StartTime: minute - hour,
    EndTime: minute + 5 * hour,
    Period: 6 * hour,
  });
  assert.deepEqual(
    all.map(({ Sum }) => Sum),
    [42],
  );
  const { MetricDataResults } = await data(server, [query('a', { Period: 3600 })], {
    EndTime: minute + 5 * hour,
    ScanBy: 'TimestampAscending',
  });
  assert.deepEqual(MetricDataResults[0]!.Values, [10, 32]);
  assert.ok(MetricDataResults[0]!.Timestamps.every((time) => time % 3600 === 0));
});

test('what is asked for without sense is refused in the words of each operation', async () => {
  await using server = await Harness.start();
  const usual = {
    Namespace: 'app',
    MetricName: 'm',
    StartTime: now,
    EndTime: now + 60,
    Period: 60,
    Statistics: ['Sum'],
  };
  const refusedStatistics = {
    'InvalidParameterValue: The parameter StartTime must be less than the parameter EndTime.': {
      EndTime: now - 1,
    },
    'InvalidParameterValue: The parameter StartTime must not equal parameter EndTime.': { EndTime: now },
    'InvalidParameterValue: The parameter Period must be a multiple of 60.': { Period: 61 },
    'InvalidParameterValue: The parameter Period must not equal 0.': { Period: 0 },
    'InvalidParameterCombination: Must specify either Statistics or ExtendedStatistics': { Statistics: [] },
    'InvalidParameterValue: The statistic tm90 is not served yet.': { ExtendedStatistics: ['tm90'] },
    'InvalidParameterValue: The value p101 for parameter ExtendedStatistics.member.1 is invalid.': {
      ExtendedStatistics: ['p101'],
    },
    'InvalidParameterValue: The parameter Statistics.member.1 must be a value in the set [ SampleCount, Average, Sum, Minimum, Maximum ].':
      { Statistics: ['sum'] },
    'InvalidParameterCombination: You have requested up to 2,880 datapoints, which exceeds the limit of 1,440. You may reduce the datapoints requested by increasing Period, or decreasing the time range.':
      { EndTime: now + 2 * day },
    'MissingParameter: The parameter Namespace is required.\nThe parameter StartTime is required.': {
      Namespace: undefined,
      StartTime: undefined,
    },
  };
  for (const [text, asked] of Object.entries(refusedStatistics)) {
    assert.equal(await answer(server, 'GetMetricStatistics', { ...usual, ...asked }), text);
  }
  const refusedQueries = {
    'The parameter MetricDataQueries is required.': [],
    'The value 5xx for parameter MetricDataQueries.member.1.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.':
      [query('5xx')],
    'The parameter MetricDataQueries.member.1.MetricStat is required.': [{ Id: 'a' }],
    'The parameter MetricDataQueries.member.1.MetricStat.Metric.Namespace is required.': [
      query('a', { Metric: { MetricName: 'm' } }),
    ],
    'The values for parameter id in MetricDataQueries are not unique.': [query('a'), query('a')],
    'MetricDataQueries.member.2.Expression: metric math, searches and Metrics Insights are not served yet.': [
      query('a'),
      { Id: 'b', Expression: 'a * 2' },
    ],
    'The parameter MetricDataQueries.member.1.MetricStat.Period must be a multiple of 60.': [
      query('a', { Period: 7 }),
    ],
    'The statistic IQM is not served yet.': [query('a', { Stat: 'IQM' })],
    'The value median for parameter MetricDataQueries.member.1.MetricStat.Stat is invalid.': [
      query('a', { Stat: 'median' }),
    ],
    'The collection MetricDataQueries must not have a size greater than 500.': Array.from(
      { length: 501 },
      (_, index) => query(`q${index}`),
    ),
  };
  for (const [text, MetricDataQueries] of Object.entries(refusedQueries)) {
    const asked = { MetricDataQueries, StartTime: now, EndTime: now + 60 };
    assert.equal(await answer(server, 'GetMetricData', asked), `ValidationError: ${text}`);
  }
  const backwards = { MetricDataQueries: [query('a')], StartTime: now, EndTime: now - 1 };
  assert.equal(
    await answer(server, 'GetMetricData', backwards),
    'ValidationError: The parameter EndTime must be greater than StartTime.',
  );
});

test('GetMetricData tells several metrics, the newest first or last', async () => {
  await using server = await Harness.start();
  await put(
    server,
    { Value: 1 },
    { Value: 2, Timestamp: minute - 60 },
    { MetricName: 'n', Value: 8, Unit: 'Count' },
  );
  const queries = [
    query('a'),
    query('b', { Metric: { Namespace: 'app', MetricName: 'n' }, Stat: 'p50' }, { Label: 'of n' }),
    query('hidden', {}, { ReturnData: false }),
    query('none', { Metric: { Namespace: 'app', MetricName: 'x' } }),
    query('other', {}, { AccountId: '111111111111' }),
  ];
  const { MetricDataResults, NextToken } = await data(server, queries);
  assert.equal(NextToken, undefined);
  const whole = { StatusCode: 'Complete' };
  assert.deepEqual(MetricDataResults, [
    { Id: 'a', Label: 'm', Timestamps: [minute, minute - 60], Values: [1, 2], ...whole },
    { Id: 'b', Label: 'of n', Timestamps: [minute], Values: [8], ...whole },
    { Id: 'none', Label: 'x', Timestamps: [], Values: [], ...whole },
    { Id: 'other', Label: 'm', Timestamps: [], Values: [], StatusCode: 'Forbidden' },
  ]);
  const ascending = await data(server, queries, { ScanBy: 'TimestampAscending' });
  assert.deepEqual(ascending.MetricDataResults[0]!.Values, [2, 1]);
});

test('pages of GetMetricData have every point once, and say what is not whole', async () => {
  await using server = await Harness.start();
  const minutes = Array.from({ length: 7 }, (_, index) => minute - 60 * index);
  for (const MetricName of ['m', 'n']) {
    await put(server, ...minutes.map((Timestamp, Value) => ({ MetricName, Value, Timestamp })));
  }
  const queries = [query('a'), query('b', { Metric: { Namespace: 'app', MetricName: 'n' } })];
  for (const ScanBy of ['TimestampAscending', 'TimestampDescending']) {
    const whole = await data(server, queries, { ScanBy });
    for (const MaxDatapoints of [1, 3, 7, 10, 14, 1000]) {
      const found: Record<string, number[]> = { a: [], b: [] };
      let token: string | undefined;
      do {
        const page: Results = await data(server, queries, { ScanBy, MaxDatapoints, NextToken: token });
        const count = page.MetricDataResults.reduce((sum, { Values }) => sum + Values.length, 0);
        assert.ok(count <= MaxDatapoints);
        for (const { Id, Values, StatusCode } of page.MetricDataResults) {
          found[Id]!.push(...Values);
          assert.equal(StatusCode, found[Id]!.length === 7 ? 'Complete' : 'PartialData');
        }
        token = page.NextToken;
      } while (token !== undefined);
      assert.deepEqual(found, {
        a: whole.MetricDataResults[0]!.Values,
        b: whole.MetricDataResults[1]!.Values,
      });
    }
  }
  const { NextToken } = await data(server, queries, { MaxDatapoints: 1 });
  for (const token of ['', 'x', NextToken!.slice(1)]) {
    const asked = {
      MetricDataQueries: queries,
      StartTime: minute - hour,
      EndTime: minute + hour,
      NextToken: token,
    };
    assert.equal(await answer(server, 'GetMetricData', asked), 'InvalidNextToken: The NextToken is invalid.');
  }
  const others = {
    MetricDataQueries: queries.slice(1),
    StartTime: minute - hour,
    EndTime: minute + hour,
    NextToken,
  };
  assert.equal(await answer(server, 'GetMetricData', others), 'InvalidNextToken: The NextToken is invalid.');
});

/** `<NAME>` as a label has it. */
const dynamic = (text: string) => text.replaceAll('<', '$'.concat('{')).replaceAll('>', '}');

test('a label may speak of the data', async () => {
  await using server = await Harness.start();
  const Dimensions = [{ Name: 'Shard', Value: '7' }];
  await put(server, { Value: 1, Dimensions }, { Value: 4.5, Timestamp: minute - 60, Dimensions });
  const Metric = { Namespace: 'app', MetricName: 'm', Dimensions };
  const labels = {
    "<LABEL> of <PROP('Dim.Shard')> in <PROP('Namespace')>": 'm of 7 in app',
    '<MIN> <MAX> <AVG> <SUM> <FIRST> <LAST> <DATAPOINT_COUNT>': '1 4.5 2.75 5.5 4.5 1 2',
    '<MAX_TIME> <LAST_TIME>': '2023-11-14T23:42:00 2023-11-14T23:43:00',
    "<NOTHING> <PROP('Nothing')> <toString> $": "<NOTHING> <PROP('Nothing')> <toString> $",
  };
  for (const [Label, text] of Object.entries(labels)) {
    const found = await data(server, [query('a', { Metric }, { Label: dynamic(Label) })], {
      LabelOptions: { Timezone: '+0130' },
    });
    assert.equal(found.MetricDataResults[0]!.Label, dynamic(text));
  }
  const none = await data(server, [query('a', {}, { Label: dynamic('<MAX> <DATAPOINT_COUNT>') })]);
  assert.equal(none.MetricDataResults[0]!.Label, '-- 0');
  assert.equal(
    await answer(server, 'GetMetricData', {
      MetricDataQueries: [query('a')],
      StartTime: 0,
      EndTime: 60,
      LabelOptions: { Timezone: 'CET' },
    }),
    'ValidationError: The value CET for parameter LabelOptions.Timezone is invalid.',
  );
});

type Listed = {
  Metrics: { Namespace: string; MetricName: string; Dimensions: { Name: string; Value: string }[] }[];
  NextToken?: string;
};

test('metrics are listed by namespace, name and some of their dimensions', async () => {
  await using server = await Harness.start();
  const of = (...pairs: string[]) => pairs.map((pair) => ({ Name: pair[0]!, Value: pair[1]! }));
  await put(
    server,
    { Value: 1 },
    { Value: 1, Dimensions: of('a1') },
    { Value: 1, Dimensions: of('a1', 'b2') },
    { MetricName: 'n', Value: 1, Dimensions: of('a2') },
  );
  await call(server, 'PutMetricData', { Namespace: 'other', MetricData: [{ MetricName: 'm', Value: 1 }] });
  const listed = async (asked: object) => {
    const { Metrics } = await call<Listed>(server, 'ListMetrics', asked);
    return Metrics.map(
      ({ Namespace, MetricName, Dimensions }) =>
        `${Namespace} ${MetricName} ${Dimensions.map(({ Name, Value }) => Name + Value).join()}`,
    ).sort();
  };
  assert.deepEqual(await listed({}), ['app m ', 'app m a1', 'app m a1,b2', 'app n a2', 'other m ']);
  assert.deepEqual(await listed({ Namespace: 'other' }), ['other m ']);
  assert.deepEqual(await listed({ MetricName: 'n' }), ['app n a2']);
  assert.deepEqual(await listed({ Dimensions: [{ Name: 'a' }] }), ['app m a1', 'app m a1,b2', 'app n a2']);
  assert.deepEqual(await listed({ Dimensions: [{ Name: 'a', Value: '1' }, { Name: 'b' }] }), ['app m a1,b2']);
  assert.deepEqual(await listed({ OwningAccount: '111111111111' }), []);
  const shared = await call<{ OwningAccounts: string[] }>(server, 'ListMetrics', {
    Namespace: 'other',
    IncludeLinkedAccounts: true,
  });
  assert.deepEqual(shared.OwningAccounts, ['000000000000']);
  assert.equal(
    await answer(server, 'ListMetrics', { NextToken: '!' }),
    'InvalidParameterValue: Request parameter NextToken is invalid',
  );
  assert.equal(
    await answer(server, 'ListMetrics', { Dimensions: [{ Value: 'x' }] }),
    'MissingParameter: The parameter Dimensions.member.1.Name is required.',
  );
});

test('recently active is what got data within three hours', async () => {
  await using server = await Harness.start();
  await put(server, { MetricName: 'old', Value: 1 });
  await server.clock.advance(2 * hour * 1000);
  await put(server, { MetricName: 'new', Value: 1, Timestamp: now - day });
  await server.clock.advance(hour * 1000 + 1);
  const active = await call<Listed>(server, 'ListMetrics', { RecentlyActive: 'PT3H' });
  assert.deepEqual(
    active.Metrics.map(({ MetricName }) => MetricName),
    ['new'],
  );
  assert.match(
    String(await answer(server, 'ListMetrics', { RecentlyActive: 'PT1H' })),
    /must be a value in the set \[ PT3H \]/,
  );
});
