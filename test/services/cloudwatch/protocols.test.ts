import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import {
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  InvalidParameterValueException,
  ListMetricsCommand,
  MissingRequiredParameterException,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import type { HttpMessage } from '../../../src/env/network.ts';
import { rpcCbor } from '../../../src/wire/cbor/rpc-cbor.ts';
import { double, list, string, structure, timestamp } from '../../../src/wire/shape.ts';
import { authorization, Harness, type WholeResponse } from '../kinesis/harness.ts';
import { cloudwatchClient, protocols } from './cloudwatch-client.ts';

type Protocol = keyof typeof protocols;

const names = Object.keys(protocols) as Protocol[];

/** A server that notes which requests it got. */
class Recorder {
  readonly server: Harness;
  readonly sent: HttpMessage[] = [];

  constructor(server: Harness) {
    this.server = server;
  }

  send(request: HttpMessage): Promise<WholeResponse> {
    this.sent.push(request);
    return this.server.send(request);
  }
}

function headerOf({ rawHeaders }: HttpMessage, name: string): string | undefined {
  const at = rawHeaders.findIndex((each, index) => index % 2 === 0 && each.toLowerCase() === name);
  return at === -1 ? undefined : rawHeaders[at + 1];
}

const Dimensions = [
  { Name: 'ShardId', Value: 'shardId-000000000000' },
  { Name: 'Operation', Value: 'ProcessTask' },
];

for (const name of names) {
  test(`the official client puts metrics and looks at them in ${name}`, async () => {
    await using server = await Harness.start();
    const client = cloudwatchClient(server, name);
    const Timestamp = new Date(server.clock.now());
    await client.send(
      new PutMetricDataCommand({
        Namespace: 'application',
        MetricData: [
          {
            MetricName: 'Time',
            Dimensions,
            Timestamp,
            Unit: 'Milliseconds',
            Values: [1, 2.5],
            Counts: [3, 1],
          },
          { MetricName: 'Records', Dimensions, Timestamp, Unit: 'Count', Value: 7, StorageResolution: 60 },
          {
            MetricName: 'Bytes',
            StatisticValues: { SampleCount: 2, Sum: -3.5, Minimum: -4, Maximum: 0.5 },
          },
        ],
      }),
    );
    const { Metrics } = await client.send(new ListMetricsCommand({ Namespace: 'application' }));
    assert.deepEqual(Metrics?.map(({ MetricName }) => MetricName).sort(), ['Bytes', 'Records', 'Time']);
    assert.deepEqual(
      Metrics?.find(({ MetricName }) => MetricName === 'Time')?.Dimensions,
      Dimensions.toReversed(),
    );
    const minute = new Date(Math.floor(server.clock.now() / 60_000) * 60_000);
    const window = {
      StartTime: new Date(minute.getTime() - 60_000),
      EndTime: new Date(minute.getTime() + 60_000),
    };
    const { Label, Datapoints } = await client.send(
      new GetMetricStatisticsCommand({
        ...window,
        Namespace: 'application',
        MetricName: 'Time',
        Dimensions,
        Period: 60,
        Statistics: ['Average', 'Sum', 'Minimum', 'Maximum', 'SampleCount'],
        ExtendedStatistics: ['p50', 'p99.9'],
      }),
    );
    assert.equal(Label, 'Time');
    assert.deepEqual(Datapoints, [
      {
        Timestamp: minute,
        ...{ SampleCount: 4, Average: 1.375, Sum: 5.5, Minimum: 1, Maximum: 2.5, Unit: 'Milliseconds' },
        ExtendedStatistics: { p50: 1, 'p99.9': 2.5 },
      },
    ]);
    const { MetricDataResults } = await client.send(
      new GetMetricDataCommand({
        ...window,
        MetricDataQueries: [
          {
            Id: 'bytes',
            MetricStat: {
              Metric: { Namespace: 'application', MetricName: 'Bytes' },
              Period: 60,
              Stat: 'Average',
            },
          },
        ],
      }),
    );
    assert.deepEqual(MetricDataResults, [
      { Id: 'bytes', Label: 'Bytes', Timestamps: [minute], Values: [-1.75], StatusCode: 'Complete' },
    ]);
  });

  test(`the official client knows errors in ${name} by their names`, async () => {
    await using server = await Harness.start();
    const client = cloudwatchClient(server, name);
    const put = (Namespace: string, Value: number | undefined) =>
      client.send(new PutMetricDataCommand({ Namespace, MetricData: [{ MetricName: 'a', Value }] }));
    await assert.rejects(put('a', Number.NaN), (error: unknown) => {
      assert(error instanceof InvalidParameterValueException);
      assert.equal(error.message, 'The value NaN for parameter MetricData.member.1.Value is invalid.');
      return true;
    });
    await assert.rejects(put('a', undefined), MissingRequiredParameterException);
    await assert.rejects(client.send(new DescribeAlarmsCommand({})), (error: unknown) => {
      assert.match(String(error), /DescribeAlarms is not served yet/);
      return true;
    });
  });

  test(`the official client packs large requests in ${name}, and they are taken`, async () => {
    await using server = await Harness.start();
    const recorder = new Recorder(server);
    const client = cloudwatchClient(recorder, name);
    const MetricData = Array.from({ length: 1000 }, (_, index) => ({
      MetricName: `metric-${index}`,
      Value: index,
    }));
    await client.send(new PutMetricDataCommand({ Namespace: 'many', MetricData }));
    assert.equal(headerOf(recorder.sent[0]!, 'content-encoding'), 'gzip');
    assert.ok(recorder.sent[0]!.body.length < 20_000);
    const { Metrics, NextToken } = await client.send(new ListMetricsCommand({ Namespace: 'many' }));
    assert.equal(Metrics?.length, 500);
    const rest = await client.send(new ListMetricsCommand({ Namespace: 'many', NextToken }));
    assert.equal(rest.NextToken, undefined);
    const found = new Set([...Metrics, ...(rest.Metrics ?? [])].map(({ MetricName }) => MetricName));
    assert.equal(found.size, 1000);
  });
}

const scoped = authorization.replace('/kinesis/', '/monitoring/');
const signed = ['Host', 'localhost', 'X-Amz-Date', '20231114T221320Z', 'Authorization', scoped];

/** A request as it stands, packed if it is to be. */
function raw(
  target: string,
  headers: readonly string[],
  text: string | Buffer,
  isPacked: boolean,
): HttpMessage {
  const body = Buffer.from(text);
  return {
    method: 'POST',
    target,
    rawHeaders: [...signed, ...headers, ...(isPacked ? ['Content-Encoding', 'gzip'] : [])],
    body: isPacked ? gzipSync(body) : body,
  };
}

const datum = structure('Datum', { MetricName: string(), Value: double(), Timestamp: timestamp() });
const input = structure('Input', { Namespace: string(), MetricData: list(datum) });
const path = '/service/GraniteServiceVersion20100801/operation/';
const inCbor = [
  'smithy-protocol',
  'rpc-v2-cbor',
  'Content-Type',
  'application/cbor',
  'Accept',
  'application/cbor',
];
const inJson = (operation: string) => [
  ...['Content-Type', 'application/x-amz-json-1.0'],
  ...['X-Amz-Target', `GraniteServiceVersion20100801.${operation}`],
];
const inForm = ['Content-Type', 'application/x-www-form-urlencoded; charset=utf-8'];

for (const isPacked of [false, true]) {
  test(`requests as KCL, KPL and older clients write them are taken${isPacked ? ', in gzip' : ''}`, async () => {
    await using server = await Harness.start();
    const Timestamp = server.clock.now();
    const written = rpcCbor.encode(
      { Namespace: 'app', MetricData: [{ MetricName: 'a', Value: 1, Timestamp }] },
      input,
    );
    const answers = [
      await server.send(raw(`${path}PutMetricData`, inCbor, written, isPacked)),
      await server.send(
        raw(
          '/',
          inJson('PutMetricData'),
          `{"Namespace":"app","MetricData":[{"MetricName":"a","Value":2,"Timestamp":1700000000.123}]}`,
          isPacked,
        ),
      ),
      await server.send(
        raw(
          '/',
          inForm,
          'Action=PutMetricData&Version=2010-08-01&Namespace=app&MetricData.member.1.MetricName=a&MetricData.member.1.Value=4&MetricData.member.1.Timestamp=2023-11-14T22%3A13%3A20.123Z',
          isPacked,
        ),
      ),
    ];
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200],
    );
    assert.equal(answers[0]!.headers['smithy-protocol'], 'rpc-v2-cbor');
    assert.match(
      String(answers[2]!.body),
      /^<PutMetricDataResponse xmlns="http:\/\/monitoring\.amazonaws\.com\/doc\/2010-08-01\/">/,
    );
    const { body } = await server.send(
      raw(
        '/',
        inJson('GetMetricStatistics'),
        '{"Namespace":"app","MetricName":"a","StartTime":1700000000,"EndTime":1700000060,"Period":60,"Statistics":["Sum"]}',
        isPacked,
      ),
    );
    assert.deepEqual(JSON.parse(String(body)).Datapoints, [
      { Timestamp: 1_699_999_980, Sum: 7, Unit: 'None' },
    ]);
  });
}

test('a body that holds more than a megabyte is refused in each protocol, packed or not', async () => {
  await using server = await Harness.start();
  const long = 'a'.repeat(1024 * 1024);
  const json = raw('/', inJson('PutMetricData'), `{"Namespace":"${long}"}`, false);
  const form = raw('/', inForm, `Action=PutMetricData&Version=2010-08-01&Namespace=${long}`, false);
  const cbor = raw(`${path}PutMetricData`, inCbor, rpcCbor.encode({ Namespace: long }, input), false);
  for (const request of [json, form, cbor]) {
    const { status, body } = await server.send(request);
    assert.equal(status, 413);
    assert.match(String(body), /The request is longer than 1048576 bytes/);
  }
  const packed = await server.send(raw('/', inJson('PutMetricData'), `{"Namespace":"${long}"}`, true));
  assert.equal(packed.status, 400);
  assert.match(String(packed.body), /SerializationException/);
});

test('an error says in a header what it is in Query', async () => {
  await using server = await Harness.start();
  const told = [];
  for (const body of ['{"Namespace":"AWS/Kinesis","MetricData":[{"MetricName":"a","Value":1}]}', '{}', '[']) {
    const { headers } = await server.send(raw('/', inJson('PutMetricData'), body, false));
    told.push(headers['x-amzn-query-error']);
  }
  assert.deepEqual(told, [
    'InvalidParameterValue;Sender',
    'MissingParameter;Sender',
    'MalformedInput;Sender',
  ]);
});
