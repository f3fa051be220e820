import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  CloudWatchClient,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { runOffline } from '../../../src/cli/offline/offline.ts';
import { silentLogger } from '../../../src/env/logger.ts';
import { nodeClock } from '../../../src/env/node-clock.ts';
import { nodeDisk } from '../../../src/env/node-disk.ts';
import { nodeRandom } from '../../../src/env/node-random.ts';
import { temporaryDirectory } from '../../server/process.ts';
import { startTestServer } from '../../server/server-under-test.ts';

const MetricData = [{ MetricName: 'a', Value: 1 }];

/** Names of the metrics that a client sees. */
async function listed(client: CloudWatchClient): Promise<string[]> {
  const { Metrics = [] } = await client.send(new ListMetricsCommand({}));
  return Metrics.map(({ Namespace, MetricName }) => `${Namespace} ${MetricName}`);
}

test('each account and each region has metrics of its own', async () => {
  using directory = temporaryDirectory();
  const credentials = join(directory.path, 'users');
  const profile = (name: string, account: string) =>
    `[${name}]\naws_access_key_id = ${name}\naws_secret_access_key = ${name}\naws_account_id = ${account}\n`;
  writeFileSync(credentials, profile('ann', '111111111111') + profile('bob', '222222222222'), {
    mode: 0o600,
  });
  await using server = await startTestServer({ credentials });
  const clients = [
    ['ann', 'us-east-1'],
    ['bob', 'us-east-1'],
    ['bob', 'eu-west-1'],
  ].map(([name, region]) => {
    const secrets = { accessKeyId: name!, secretAccessKey: name! };
    return new CloudWatchClient({ ...server.clientConfig, region: region!, credentials: secrets });
  });
  for (const [index, client] of clients.entries()) {
    await client.send(new PutMetricDataCommand({ Namespace: `app${index}`, MetricData }));
  }
  assert.deepEqual(await Promise.all(clients.map(listed)), [['app0 a'], ['app1 a'], ['app2 a']]);
  for (const client of clients) client.destroy();
});

test('a policy may allow to put into one namespace only', async () => {
  using directory = temporaryDirectory();
  await using server = await startTestServer({ data: directory.path, auth: 'required' });
  const iam = new IAMClient(server.clientConfig);
  await iam.send(new CreateUserCommand({ UserName: 'kcl' }));
  const Statement = [
    {
      Effect: 'Allow',
      Action: 'cloudwatch:PutMetricData',
      Resource: '*',
      Condition: { StringEquals: { 'cloudwatch:namespace': 'orders' } },
    },
  ];
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await iam.send(new PutUserPolicyCommand({ UserName: 'kcl', PolicyName: 'p', PolicyDocument }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'kcl' }));
  const credentials = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
  const client = new CloudWatchClient({ ...server.clientConfig, credentials, maxAttempts: 1 });
  await client.send(new PutMetricDataCommand({ Namespace: 'orders', MetricData }));
  for (const command of [
    new PutMetricDataCommand({ Namespace: 'others', MetricData }),
    new PutMetricDataCommand({ Namespace: 'Orders', MetricData }),
  ]) {
    await assert.rejects(client.send(command), /kcl is not authorized to perform: cloudwatch:PutMetricData/);
  }
  await assert.rejects(
    client.send(new ListMetricsCommand({})),
    /not authorized to perform: cloudwatch:ListMetrics/,
  );
  assert.deepEqual(await listed(new CloudWatchClient(server.clientConfig)), ['orders a']);
  for (const each of [iam, client]) each.destroy();
});

test('metrics outlive their server, and are the same in each of its threads', async () => {
  using directory = temporaryDirectory();
  const window = () => ({
    StartTime: new Date(Date.now() - 600_000),
    EndTime: new Date(Date.now() + 60_000),
  });
  for (const [start, workers] of [2, 0, 2].entries()) {
    await using server = await startTestServer({ data: directory.path, workers });
    for (let connection = 0; connection < 6; connection++) {
      const client = new CloudWatchClient({ ...server.clientConfig, maxAttempts: 1 });
      await client.send(new PutMetricDataCommand({ Namespace: 'app', MetricData }));
      const { Datapoints = [] } = await client.send(
        new GetMetricStatisticsCommand({
          ...window(),
          ...{ Namespace: 'app', MetricName: 'a', Period: 60, Statistics: ['Sum'] },
        }),
      );
      const sum = Datapoints.reduce((total, { Sum = 0 }) => total + Sum, 0);
      assert.equal(sum, start * 6 + connection + 1);
      client.destroy();
    }
  }
});

test('a directory with metrics is clean when it is checked, and a copy of what is sound has them', async () => {
  using directory = temporaryDirectory();
  const [data, to] = [join(directory.path, 'data'), join(directory.path, 'copy')];
  {
    await using server = await startTestServer({ data });
    const client = new CloudWatchClient(server.clientConfig);
    await client.send(new PutMetricDataCommand({ Namespace: 'app', MetricData }));
    client.destroy();
  }
  const { text } = await runOffline({ directory: data, json: false, to }, (path) => ({
    ...{ disk: nodeDisk(path), clock: nodeClock, random: nodeRandom(), logger: silentLogger },
    panic: (reason) => assert.fail(reason),
  }));
  assert.match(text, /is clean\./);
  await using server = await startTestServer({ data: to });
  const client = new CloudWatchClient(server.clientConfig);
  assert.deepEqual(await listed(client), ['app a']);
  client.destroy();
});
