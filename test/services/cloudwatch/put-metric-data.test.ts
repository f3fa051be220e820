import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Harness } from '../kinesis/harness.ts';
import { answer, call } from './cloudwatch-calls.ts';

const now = 1_700_000_000.123;
const day = 24 * 3600;

/** What becomes of one datum, or of several. */
async function put(server: Harness, ...MetricData: readonly object[]): Promise<unknown> {
  return answer(server, 'PutMetricData', { Namespace: 'app', MetricData });
}

const set = { SampleCount: 2, Sum: 3, Minimum: 1, Maximum: 2 };
const at = 'MetricData.member.1';

const refused: Readonly<Record<string, readonly [datum: object, text: string]>> = {
  'no name': [{ Value: 1 }, `MissingParameter: The parameter ${at}.MetricName is required.`],
  'a name of spaces': [
    { MetricName: ' ', Value: 1 },
    `MissingParameter: The parameter ${at}.MetricName is required.`,
  ],
  'a long name': [
    { MetricName: 'a'.repeat(256), Value: 1 },
    `InvalidParameterValue: The parameter ${at}.MetricName must be shorter than 256 characters.`,
  ],
  'no value': [
    { MetricName: 'a' },
    `MissingParameter: At least one of the parameters ${at}.Value or ${at}.StatisticValues must be specified.`,
  ],
  'a value and a set': [
    { MetricName: 'a', Value: 1, StatisticValues: set },
    `InvalidParameterCombination: The parameters ${at}.Value and ${at}.StatisticValues are mutually exclusive and you have specified both.`,
  ],
  'a value and values': [
    { MetricName: 'a', Value: 1, Values: [1] },
    `InvalidParameterCombination: The parameters ${at}.Value and ${at}.Values are mutually exclusive and you have specified both.`,
  ],
  'other counts than values': [
    { MetricName: 'a', Values: [1, 10], Counts: [2, 4, 5] },
    `InvalidParameterValue: The parameters ${at}.Values and ${at}.Counts must be of the same size.`,
  ],
  'more than 150 values': [
    { MetricName: 'a', Values: Array.from({ length: 151 }, (_, index) => index) },
    `InvalidParameterValue: The collection ${at}.Values must not have a size greater than 150.`,
  ],
  'a negative count': [
    { MetricName: 'a', Values: [1], Counts: [-1] },
    `InvalidParameterValue: The value -1.0 for parameter ${at}.Counts.member.1 is invalid.`,
  ],
  'no number': [
    { MetricName: 'a', Value: 'NaN' },
    `InvalidParameterValue: The value NaN for parameter ${at}.Value is invalid.`,
  ],
  'an infinite number': [
    { MetricName: 'a', Values: [1, '-Infinity'] },
    `InvalidParameterValue: The value -Infinity for parameter ${at}.Values.member.2 is invalid.`,
  ],
  'a number beyond 2^360': [
    { MetricName: 'a', Value: 2 ** 361 },
    `InvalidParameterValue: The value 4.6970851655476665E108 for parameter ${at}.Value is invalid.`,
  ],
  'half a set': [
    { MetricName: 'a', StatisticValues: { Sum: 1 } },
    ['Maximum', 'Minimum', 'SampleCount']
      .map((name) => `The parameter ${at}.StatisticValues.${name} is required.`)
      .join('\n')
      .replace(/^/, 'MissingParameter: '),
  ],
  'a set upside down': [
    { MetricName: 'a', StatisticValues: { ...set, Minimum: 3 } },
    `InvalidParameterValue: The parameter ${at}.StatisticValues.Maximum must be greater than ${at}.StatisticValues.Minimum.`,
  ],
  'a set of nothing': [
    { MetricName: 'a', StatisticValues: { ...set, SampleCount: 0 } },
    `InvalidParameterValue: The parameter ${at}.StatisticValues.SampleCount must not equal 0.`,
  ],
  'another resolution': [
    { MetricName: 'a', Value: 1, StorageResolution: 10 },
    `InvalidParameterValue: The value 10 for parameter ${at}.StorageResolution is invalid.`,
  ],
  'a time of long ago': [
    { MetricName: 'a', Value: 1, Timestamp: now - 14 * day - 1 },
    `InvalidParameterValue: The parameter ${at}.Timestamp must specify a time within the past two weeks.`,
  ],
  'a time to come': [
    { MetricName: 'a', Value: 1, Timestamp: now + 7201 },
    `InvalidParameterValue: The parameter ${at}.Timestamp must specify a time within the past two weeks.`,
  ],
  'a dimension twice': [
    { MetricName: 'a', Value: 1, Dimensions: ['b', 'c'].map((Value) => ({ Name: 'a', Value })) },
    'InvalidParameterValue: No Metric may specify the same dimension twice.',
  ],
  'more than 30 dimensions': [
    {
      MetricName: 'a',
      Value: 1,
      Dimensions: Array.from({ length: 31 }, (_, index) => ({ Name: `n${index}`, Value: 'v' })),
    },
    `InvalidParameterValue: The collection ${at}.Dimensions must not have a size greater than 30.`,
  ],
  'a dimension without a value': [
    { MetricName: 'a', Value: 1, Dimensions: [{ Name: 'a' }] },
    `MissingParameter: The parameter ${at}.Dimensions.member.1.Value is required.`,
  ],
  'a dimension that begins with a colon': [
    { MetricName: 'a', Value: 1, Dimensions: [{ Name: ':a', Value: 'b' }] },
    `InvalidParameterValue: The value :a for parameter ${at}.Dimensions.member.1.Name is invalid.`,
  ],
  'a dimension of other letters': [
    { MetricName: 'a', Value: 1, Dimensions: [{ Name: 'a', Value: 'é' }] },
    `InvalidParameterValue: The value é for parameter ${at}.Dimensions.member.1.Value is invalid.`,
  ],
};

for (const [what, [datum, text]] of Object.entries(refused)) {
  test(`a datum with ${what} is refused in CloudWatch's words`, async () => {
    await using server = await Harness.start();
    assert.equal(await put(server, datum), text);
    assert.deepEqual(await call(server, 'ListMetrics', {}), { Metrics: [] });
  });
}

test('a unit is one of 27', async () => {
  await using server = await Harness.start();
  const text = String(await put(server, { MetricName: 'a', Value: 1, Unit: 'Pounds' }));
  const [, units] =
    /^InvalidParameterValue: The parameter MetricData.member.1.Unit must be a value in the set \[ (.*) \]\.$/.exec(
      text,
    )!;
  assert.equal(units!.split(', ').length, 27);
  for (const Unit of units!.split(', '))
    assert.equal(await put(server, { MetricName: 'a', Value: 1, Unit }), undefined);
});

test('all that is missing is told, each in a line, before anything that is wrong', async () => {
  await using server = await Harness.start();
  assert.equal(
    await put(server, { MetricName: 'a', Value: 'NaN' }, { Value: 1 }, { MetricName: 'b' }),
    'MissingParameter: The parameter MetricData.member.2.MetricName is required.\n' +
      'At least one of the parameters MetricData.member.3.Value or MetricData.member.3.StatisticValues must be specified.',
  );
  const text = String(
    await put(server, ...Array.from({ length: 1000 }, () => ({ MetricName: 'a', Value: 'NaN' }))),
  );
  assert.equal(text.split('\n').length, 100, 'as many as one can read');
});

const namespaces: Readonly<Record<string, string>> = {
  'AWS/Kinesis': 'InvalidParameterValue: The value AWS/ for parameter Namespace is invalid.',
  ':app': 'InvalidParameterValue: The value :app for parameter Namespace is invalid.',
  'app*': 'InvalidParameterValue: The value app* for parameter Namespace is invalid.',
  ' ': 'MissingParameter: The parameter Namespace is required.',
  [`a${'b'.repeat(255)}`]:
    'InvalidParameterValue: The parameter Namespace must be shorter than 256 characters.',
};

test('a namespace has letters, digits and a few marks, and is none of those of AWS', async () => {
  await using server = await Harness.start();
  const MetricData = [{ MetricName: 'a', Value: 1 }];
  for (const [Namespace, text] of Object.entries(namespaces)) {
    assert.equal(await answer(server, 'PutMetricData', { Namespace, MetricData }), text);
  }
  const Namespace = 'My App/of.KCL_3-5:#1';
  assert.equal(await answer(server, 'PutMetricData', { Namespace, MetricData }), undefined);
  assert.equal(
    await answer(server, 'PutMetricData', { Namespace }),
    'MissingParameter: The parameter MetricData is required.',
  );
});

test('1,000 metrics may be put at once, of entities and without', async () => {
  await using server = await Harness.start();
  const data = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ MetricName: `m${index}`, Value: 1 }));
  const Namespace = 'app';
  const tooMany = 'InvalidParameterValue: The collection MetricData must not have a size greater than 1000.';
  assert.equal(await put(server, ...data(1001)), tooMany);
  const half = { Entity: { KeyAttributes: { Type: 'Service' } }, MetricData: data(500) };
  const both = { Namespace, MetricData: data(501), EntityMetricData: [half] };
  assert.equal(await answer(server, 'PutMetricData', both), tooMany);
  assert.equal(await answer(server, 'PutMetricData', { ...both, MetricData: data(500) }), undefined);
  assert.equal(
    await answer(server, 'PutMetricData', {
      Namespace,
      EntityMetricData: [{ ...half, MetricData: [{ Value: 1 }] }],
    }),
    'MissingParameter: The parameter EntityMetricData.member.1.MetricData.member.1.MetricName is required.',
  );
});

test('at the edge of what is allowed everything is taken', async () => {
  await using server = await Harness.start();
  const Values = Array.from({ length: 150 }, (_, index) => index - 2 ** 300);
  const Dimensions = Array.from({ length: 30 }, (_, index) => ({
    Name: `n${index}`.padEnd(255, '.'),
    Value: 'v'.repeat(1024),
  }));
  const edge = [
    { MetricName: 'm'.repeat(255), Value: 2 ** 360, Dimensions },
    { MetricName: 'a', Values, Counts: Values.map((_, index) => index), StorageResolution: 1 },
    { MetricName: 'a', Value: -(2 ** 360), Timestamp: now - 14 * day },
    { MetricName: 'a', Value: 1, Timestamp: now + 7200 },
    { MetricName: 'a', Values: [3, 3], StatisticValues: set },
  ];
  assert.equal(await put(server, ...edge), undefined);
  assert.equal(await put(server, { MetricName: 'nothing', Values: [1], Counts: [0] }), undefined);
  const { Metrics } = await call<{ Metrics: object[] }>(server, 'ListMetrics', {});
  assert.equal(Metrics.length, 2, 'what came no times at all makes no metric');
});
