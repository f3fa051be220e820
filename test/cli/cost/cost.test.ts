import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CreateStreamCommand, KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import type { CommandWorld } from '../../../src/cli/command-world.ts';
import { awsUsages } from '../../../src/cli/cost/aws-usages.ts';
import type { ClientSend } from '../../../src/env/http-client.ts';
import { startTestServer } from '../../server/server-under-test.ts';
import { ManualClock } from '../../services/kinesis/manual-clock.ts';
import { runCommand } from '../command-under-test.ts';

test('a load is told with its bill in each mode, the cheapest one, and why', async () => {
  const args = ['cost', '--records', '2000/s', '--size', '1KB', '--readers', '3', '--retention', '7d'];
  const { out } = await runCommand(args, { isTerminal: true });
  // 2,000 records and 2,000 KB/s in, 6,000 KB/s out: 6,000 / 2,048 / 0.8 = 3.7 shards.
  assert.match(out, /^load: 2,000 records\/s, 2,000 KB\/s put, 6,000 KB\/s read, kept for 168 h, 4 shards\n/);
  assert.match(out, /provisioned +\$175\.78 +cheapest\n/);
  assert.match(out, /on-demand advantage +\$[\d,.]+ +estimate\n/);
  assert.match(out, /put units +5,256 million 25 KB units +at \$0\.014 +\$73\.58\n/);
  assert.match(
    out,
    /Provisioned is cheapest: .* On-demand standard would be \$954\.80 more, above all data read \(\$601\.50\)\.\n/,
  );
  const json = JSON.parse((await runCommand(args)).out);
  assert.deepEqual(
    [json.cheapest, json.region, json.bills[0].lines[0].item],
    ['provisioned', 'us-east-1', 'put-units'],
  );
});

test('streams of a server are told by what it counted, and by a tag', async () => {
  await using server = await startTestServer();
  const client = new KinesisClient(server.clientConfig);
  for (const [name, team] of [
    ['orders', 'shop'],
    ['carts', 'shop'],
    ['clicks', 'ads'],
  ] as const)
    await client.send(new CreateStreamCommand({ StreamName: name, ShardCount: 2, Tags: { team } }));
  const Records = [{ PartitionKey: 'a', Data: Buffer.alloc(26 * 1024) }];
  await client.send(new PutRecordsCommand({ StreamName: 'orders', Records }));
  client.destroy();
  const at = ['--endpoint', server.url];
  const json = JSON.parse((await runCommand(['cost', 'orders', ...at])).out);
  const [{ usage }] = json.streams;
  // A record of 26 KB and its key are 2 units of 25 KB, and 27 KB.
  assert.equal(Math.round(usage.putUnits / usage.recordsIn), 2);
  assert.equal(Math.round(usage.kilobytesIn / usage.recordsIn), 27);
  assert.deepEqual([usage.shards, usage.tags, json.streams.length], [2, { team: 'shop' }, 1]);
  const { values } = JSON.parse((await runCommand(['cost', '--by', 'team', ...at])).out);
  assert.deepEqual(
    values.map(({ value }: { value: string }) => value),
    ['ads', 'shop'],
  );
  const text = await runCommand(['cost', '--by', 'team', ...at], { isTerminal: true });
  assert.match(text.out, /^TEAM +STREAMS +AS SET UP +AT BEST\nads +1 +\$21\.90 +\$21\.90\nshop +2 /);
  assert.match(text.out, /Measured over .*Prices: list prices of us-east-1/);
  await assert.rejects(runCommand(['cost', 'nothing', ...at]), /there is no stream nothing/);
});

/** AWS with one stream, as far as `cost` asks it. Metrics are a million records of 2 KB, read by two. */
async function aws(sent: ClientSend) {
  const target = sent.headers['x-amz-target']!.split('.').at(-1)!;
  const body = JSON.parse(String(sent.body));
  const answers: Readonly<Record<string, () => unknown>> = {
    ListStreams: () => ({ StreamNames: ['orders'] }),
    DescribeStreamSummary: () => ({
      StreamDescriptionSummary: {
        ...{ StreamARN: 'arn:orders', OpenShardCount: 3, RetentionPeriodHours: 48, ConsumerCount: 1 },
        StreamModeDetails: { StreamMode: 'ON_DEMAND' },
      },
    }),
    ListTagsForStream: () => ({ Tags: [{ Key: 'team', Value: 'shop' }] }),
    ListStreamConsumers: () => ({ Consumers: [{ ConsumerName: 'fan' }] }),
    GetMetricData: () => ({
      MetricDataResults: body.MetricDataQueries.map(({ Id, MetricStat }: Asked) => ({
        Id,
        Values: sums[MetricStat.Metric.MetricName]!.map(
          (value) => value / MetricStat.Metric.Dimensions.length,
        ),
      })),
    }),
  };
  const host = new URL(sent.url).host;
  assert.equal(
    host,
    target === 'GetMetricData' ? 'monitoring.eu-west-1.amazonaws.com' : 'kinesis.eu-west-1.amazonaws.com',
  );
  return { status: 200, headers: {}, body: Buffer.from(JSON.stringify(answers[target]!())) };
}

type Asked = {
  readonly Id: string;
  readonly MetricStat: {
    readonly Metric: { readonly MetricName: string; readonly Dimensions: readonly object[] };
  };
};

const sums: Readonly<Record<string, readonly number[]>> = {
  IncomingRecords: [400_000, 600_000],
  IncomingBytes: [2048e6],
  'GetRecords.Bytes': [1000e6, 1048e6],
  // With a consumer among its dimensions.
  'SubscribeToShardEvent.Bytes': [4096e6],
};

test('at AWS it is told by the metrics of CloudWatch', async () => {
  const place = {
    ...{ endpoint: 'https://kinesis.eu-west-1.amazonaws.com', region: 'eu-west-1', ca: undefined },
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  };
  const clock = new ManualClock();
  const random = { bytes: () => Buffer.alloc(1) };
  const world = {
    client: { send: aws },
    clock,
    random,
    signal: new AbortController().signal,
  } as Partial<CommandWorld>;
  const { usages, seconds } = await awsUsages(
    place,
    { streams: undefined, overMs: undefined },
    world as CommandWorld,
  );
  assert.equal(seconds, 86_400);
  const [usage] = usages;
  assert.deepEqual(
    [usage!.name, usage!.mode, usage!.shards, usage!.retentionHours, usage!.tags, usage!.fanOutConsumers],
    ['orders', 'on-demand', 3, 48, { team: 'shop' }, 1],
  );
  const aDay = (rate: number) => Math.round(rate * 86_400);
  assert.deepEqual(
    [usage!.recordsIn, usage!.kilobytesIn, usage!.putUnits, usage!.bytesOut, usage!.fanOutBytes].map(aDay),
    [1e6, 2e6, 1e6, 2048e6, 2048e6],
  );
});
