import assert from 'node:assert/strict';
import { globSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  PutRecordCommand,
} from '@aws-sdk/client-kinesis';
import { startTestServer } from '../../../../src/server/testing.ts';
import { temporaryDirectory } from '../../../server/process.ts';
import { credentials, FakeServices } from './fake-services.ts';

process.env['AWS_ACCESS_KEY_ID'] = credentials.accessKeyId;
process.env['AWS_SECRET_ACCESS_KEY'] = credentials.secretAccessKey;
process.env['AWS_SESSION_TOKEN'] = credentials.sessionToken;

const account = '000000000000';

/** AWS's record, as far as it is the same each time. */
function checkRecord(text: string, mapping: string): void {
  const record = JSON.parse(text);
  assert.deepEqual(
    [record.version, record.requestContext.condition, record.requestContext.approximateInvokeCount],
    ['1.0', 'RetryAttemptsExhausted', 2],
    mapping,
  );
  assert.equal(record.requestContext.functionArn, `arn:aws:lambda:us-east-1:${account}:function:${mapping}`);
  assert.deepEqual(record.responseContext, {
    ...{ statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
  });
  const { shardId, batchSize, streamArn, startSequenceNumber, endSequenceNumber } = record.KinesisBatchInfo;
  assert.deepEqual([shardId, batchSize], ['shardId-000000000000', 1]);
  assert.equal(streamArn, `arn:aws:kinesis:us-east-1:${account}:stream/orders`);
  assert.equal(startSequenceNumber, endSequenceNumber);
}

async function waited<T>(find: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (;;) {
    const found = await find();
    if (found !== undefined) return found;
    await sleep(5);
  }
}

test('what a function fails for arrives at a queue, a topic, a bucket and a stream', async () => {
  using directory = temporaryDirectory();
  mkdirSync(join(directory.path, 'failed'));
  await using services = new FakeServices(Date.now);
  const url = await services.listen();
  await using server = await startTestServer({ sqs: url, sns: url, s3: `file://${directory.path}` });
  const kinesis = new KinesisClient(server.clientConfig);
  for (const StreamName of ['orders', 'failed']) {
    await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
  }
  const Data = Buffer.from('poison');
  await kinesis.send(new PutRecordCommand({ StreamName: 'orders', PartitionKey: 'k', Data }));
  const failing = (name: string, onFailure: string) => {
    const handler = () => {
      throw new TypeError('never');
    };
    return server.lambda(name, handler, { stream: 'orders', maximumRetryAttempts: 1, onFailure });
  };
  await failing('to-queue', `arn:aws:sqs:us-east-1:${account}:failed`);
  await failing('to-topic', `arn:aws:sns:us-east-1:${account}:failed`);
  const { mapping } = await failing('to-bucket', 'arn:aws:s3:::failed');
  await failing('to-stream', `arn:aws:kinesis:us-east-1:${account}:stream/failed`);

  const { messages, publications } = services.arrived;
  checkRecord((await waited(() => messages[0])).text, 'to-queue');
  checkRecord((await waited(() => publications[0])).text, 'to-topic');
  const pattern = `failed/aws/lambda/${mapping}/shardId-000000000000/*/*/*/*-????????????`;
  const [file] = await waited(() => {
    const found = globSync(pattern, { cwd: directory.path });
    return found.length === 0 ? undefined : found;
  });
  const object = readFileSync(join(directory.path, file!), 'utf8');
  checkRecord(object, 'to-bucket');
  const [record] = JSON.parse(JSON.parse(object).payload).Records;
  assert.equal(Buffer.from(record.kinesis.data, 'base64').toString(), 'poison');

  const shard = { StreamName: 'failed', ShardId: 'shardId-000000000000' };
  const { ShardIterator } = await kinesis.send(
    new GetShardIteratorCommand({ ...shard, ShardIteratorType: 'TRIM_HORIZON' }),
  );
  const stored = await waited(async () => {
    const { Records } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
    return Records![0];
  });
  checkRecord(Buffer.from(stored.Data!).toString(), 'to-stream');
});
