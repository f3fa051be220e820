import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setDefaultCACertificates } from 'node:tls';
import { promisify } from 'node:util';
import {
  CreateStreamCommand,
  DescribeStreamConsumerCommand,
  KinesisClient,
  PutRecordCommand,
  RegisterStreamConsumerCommand,
  SubscribeToShardCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { startTestServer } from '../../../src/server/testing.ts';
import { temporaryDirectory } from '../../server/process.ts';

test('the official client puts and subscribes over TLS, with HTTP/2 and with HTTP/1.1', async () => {
  await using server = await startTestServer();
  setDefaultCACertificates([await (await fetch(`${server.url}/ca.pem`)).text()]);
  for (const requestHandler of [undefined, new NodeHttpHandler()]) {
    const endpoint = server.url.replace('http:', 'https:');
    const handler = requestHandler === undefined ? {} : { requestHandler };
    const client = new KinesisClient({ ...server.clientConfig, endpoint, ...handler });
    const StreamName = requestHandler === undefined ? 'two' : 'one';
    await client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    await waitUntilStreamExists({ client, maxWaitTime: 10, minDelay: 1 }, { StreamName });
    const Data = Buffer.from('over TLS');
    assert.deepEqual(await firstRecord(client, StreamName, Data), Data);
    client.destroy();
  }
});

/** What a subscriber to a stream gets of a record that is put. */
async function firstRecord(client: KinesisClient, StreamName: string, Data: Buffer) {
  const StreamARN = `arn:aws:kinesis:us-east-1:000000000000:stream/${StreamName}`;
  const { Consumer } = await client.send(
    new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: 'reader' }),
  );
  const { ConsumerARN } = Consumer!;
  const describe = new DescribeStreamConsumerCommand({ ConsumerARN });
  while ((await client.send(describe)).ConsumerDescription?.ConsumerStatus !== 'ACTIVE');
  const StartingPosition = { Type: 'TRIM_HORIZON' } as const;
  const { EventStream } = await client.send(
    new SubscribeToShardCommand({ ConsumerARN, ShardId: 'shardId-000000000000', StartingPosition }),
  );
  await client.send(new PutRecordCommand({ StreamName, PartitionKey: 'a', Data }));
  for await (const { SubscribeToShardEvent: event } of EventStream!) {
    const record = event?.Records?.[0];
    if (record !== undefined) return Buffer.from(record.Data!);
  }
  return undefined;
}

const clients = [
  {
    name: 'curl',
    needs: ['curl', '--version'],
    run: ['curl', '--fail', '--silent', '--show-error', '--cacert', 'CA', 'URL/health'],
  },
  {
    name: 'the AWS CLI',
    needs: ['aws', '--version'],
    run: ['aws', '--ca-bundle', 'CA', 'kinesis', 'list-streams'],
  },
  {
    name: 'boto3',
    needs: ['python3', '-c', 'import boto3'],
    run: ['python3', '-c', 'import boto3; print(boto3.client("kinesis").list_streams())'],
  },
];

for (const { name, needs, run } of clients) {
  const isMissing = spawnSync(needs[0]!, needs.slice(1)).status !== 0;
  test(`${name} trusts the authority when told to, and not otherwise`, {
    skip: isMissing && 'it is not installed',
  }, async () => {
    using directory = temporaryDirectory();
    await using server = await startTestServer();
    const bundle = join(directory.path, 'ca.pem');
    writeFileSync(bundle, await (await fetch(`${server.url}/ca.pem`)).text());
    const stranger = join(directory.path, 'stranger.pem');
    await using other = await startTestServer();
    writeFileSync(stranger, await (await fetch(`${other.url}/ca.pem`)).text());

    const url = server.url.replace('http:', 'https:');
    const attempt = (ca: string) => {
      const words = run.map((word) => word.replace('URL', url).replace(/^CA$/, ca));
      return promisify(execFile)(words[0]!, words.slice(1), { env: environment(url, ca), timeout: 600_000 });
    };
    assert.match((await attempt(bundle)).stdout, /StreamNames|"ok"/);
    await assert.rejects(attempt(stranger), /certificate/i);
  });
}

/** Nothing that this machine's own settings for AWS say gets through. */
function environment(url: string, ca: string): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'))),
    AWS_ENDPOINT_URL: url,
    AWS_CA_BUNDLE: ca,
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_MAX_ATTEMPTS: '1',
  };
}
