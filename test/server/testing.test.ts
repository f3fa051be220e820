import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  KinesisClient,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { startTestServer } from '../../src/server/testing.ts';

test('a test server answers an SDK client made with its config, in the region asked for', async () => {
  await using server = await startTestServer({ region: 'eu-west-3', account: '111122223333' });
  const client = new KinesisClient(server.clientConfig);
  const stream = { StreamName: 'a' };
  await client.send(new CreateStreamCommand({ ...stream, ShardCount: 2 }));
  await waitUntilStreamExists({ client, maxWaitTime: 10, minDelay: 1 }, stream);
  const { StreamDescriptionSummary: summary } = await client.send(new DescribeStreamSummaryCommand(stream));
  assert.equal(summary?.StreamARN, 'arn:aws:kinesis:eu-west-3:111122223333:stream/a');
  assert.equal(summary?.OpenShardCount, 2);
  client.destroy();
});

test('test servers stand side by side, and end with their block', async () => {
  let ended: string;
  {
    await using first = await startTestServer();
    await using second = await startTestServer();
    assert.notEqual(first.url, second.url);
    for (const { url } of [first, second]) assert.equal((await fetch(`${url}/health`)).status, 200);
    ended = first.url;
  }
  await assert.rejects(fetch(`${ended}/health`));
});

test('a test server answers without its socket, too', async () => {
  await using server = await startTestServer();
  const request = { method: 'GET', target: '/health', rawHeaders: [], body: Buffer.alloc(0) };
  assert.equal((await server.handle(request)).status, 200);
});
