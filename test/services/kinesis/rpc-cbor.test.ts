import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  CreateStreamCommand,
  DescribeLimitsCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  PutRecordsCommand,
  ResourceNotFoundException,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { AwsSmithyRpcV2CborProtocol } from '@aws-sdk/core/protocols';
import { rpcCbor } from '../../../src/wire/cbor/rpc-cbor.ts';
import { string, structure } from '../../../src/wire/shape.ts';
import { temporaryDirectory } from '../../server/process.ts';
import { startTestServer, type TestServer } from '../../server/server-under-test.ts';
import { authorization } from './harness.ts';

test('the official client, told to speak it, does its work, and its signatures hold', async () => {
  using directory = temporaryDirectory();
  const credentials = join(directory.path, 'credentials');
  writeFileSync(credentials, '[a]\naws_access_key_id = test\naws_secret_access_key = test\n');
  await using server = await startTestServer({ credentials });
  const client = new KinesisClient({ ...server.clientConfig, protocol: AwsSmithyRpcV2CborProtocol });
  const StreamName = 'orders';
  await client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
  while ((await client.send(new DescribeLimitsCommand({}))).OpenShardCount !== 1);
  await waitUntilStreamExists({ client, maxWaitTime: 60, minDelay: 1 }, { StreamName });
  const Data = Buffer.from([0, 255, 128]);
  const before = Date.now();
  await client.send(new PutRecordsCommand({ StreamName, Records: [{ PartitionKey: 'a', Data }] }));
  const { ShardIterator } = await client.send(
    new GetShardIteratorCommand({
      StreamName,
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'AT_TIMESTAMP',
      Timestamp: new Date(before - 1),
    }),
  );
  const { Records } = await client.send(new GetRecordsCommand({ ShardIterator }));
  assert.deepEqual(
    Records?.map((record) => Buffer.from(record.Data!)),
    [Data],
  );
  const arrived = Records?.[0]?.ApproximateArrivalTimestamp?.getTime() ?? 0;
  assert.ok(arrived >= before && arrived <= Date.now(), String(arrived));
  await assert.rejects(
    client.send(new DescribeStreamSummaryCommand({ StreamName: 'none' })),
    ResourceNotFoundException,
  );
  const stranger = new KinesisClient({
    ...server.clientConfig,
    credentials: { accessKeyId: 'test', secretAccessKey: 'wrong' },
    protocol: AwsSmithyRpcV2CborProtocol,
  });
  await assert.rejects(stranger.send(new DescribeLimitsCommand({})), { name: 'InvalidSignatureException' });
  client.destroy();
  stranger.destroy();
});

const prefix = '/service/Kinesis_20131202/operation/';
const stream = structure('Stream', { StreamName: string() });

test('the answer names the protocol, and one without a value has neither body nor type', async () => {
  await using server = await startTestServer();
  const { status, headers, body } = await call(server, `${prefix}CreateStream`, { StreamName: 'a' });
  assert.equal(status, 200);
  assert.equal(headers['smithy-protocol'], 'rpc-v2-cbor');
  assert.equal(headers['Content-Type'], undefined);
  assert.equal(body.length, 0);
});

test('the last four segments of the path count, and the service may come with its namespace', async () => {
  await using server = await startTestServer();
  for (const path of [
    `${prefix}ListStreams`,
    `/v1/behind/a/proxy${prefix}ListStreams`,
    '/service/com.amazonaws.kinesis.Kinesis_20131202/operation/ListStreams',
    `${prefix}ListStreams?query=1`,
  ]) {
    const { status, headers } = await call(server, path);
    assert.deepEqual([status, headers['Content-Type']], [200, 'application/cbor'], path);
  }
  for (const path of [
    '/',
    `${prefix}NoSuchOperation`,
    `${prefix}com.amazonaws.kinesis.ListStreams`,
    `${prefix}ListStreams/`,
    `/?path=${prefix}ListStreams`,
    '/service/DynamoDB_20120810/operation/ListStreams',
    '/Kinesis_20131202/operation/ListStreams',
  ]) {
    assert.deepEqual(await errorOf(call(server, path)), [400, 'UnknownOperationException'], path);
  }
});

test('an operation of AWS that is not served says so', async () => {
  await using server = await startTestServer();
  const { status, body } = await call(server, `${prefix}ListQueues`);
  const error = rpcCbor.decode(body, structure('Error', { __type: string(), message: string() }));
  assert.equal(status, 400);
  assert.deepEqual(error, {
    __type: 'com.amazonaws.kinesis#UnknownOperationException',
    message: 'ListQueues is not served yet.',
  });
});

test('an operation that is named in the old way as well is refused', async () => {
  await using server = await startTestServer();
  for (const header of ['X-Amz-Target', 'x-amzn-target']) {
    const more = [header, 'Kinesis_20131202.DeleteStream'];
    const answer = call(server, `${prefix}ListStreams`, {}, more);
    assert.deepEqual(await errorOf(answer), [400, 'UnknownOperationException']);
  }
});

test('the type of a body is written in any case of letters', async () => {
  await using server = await startTestServer();
  const rawHeaders = [...signed, 'Content-Type', 'Application/CBOR; v=1'];
  const body = rpcCbor.encode({}, stream);
  const answer = await server.handle({ method: 'POST', target: `${prefix}ListStreams`, rawHeaders, body });
  assert.equal(answer.status, 200);
});

test('an error is named in the body alone, as the protocol wants it', async () => {
  await using server = await startTestServer();
  for (const path of [`${prefix}DeleteStream`, `${prefix}NoSuchOperation`]) {
    const { status, headers } = await call(server, path, { StreamName: 'none' });
    assert.equal(status, 400);
    assert.equal(headers['x-amzn-ErrorType'], undefined, path);
  }
});

test('another type of body is refused, no body is none', async () => {
  await using server = await startTestServer();
  const json = { method: 'POST', target: `${prefix}ListStreams`, body: Buffer.from('{}') };
  const typed = [...signed, 'Content-Type', 'application/x-amz-json-1.1'];
  const refused = server.handle({ ...json, rawHeaders: typed });
  assert.deepEqual(await errorOf(refused as Promise<Whole>), [400, 'SerializationException']);
  const bodiless = await server.handle({ ...json, body: Buffer.alloc(0), rawHeaders: signed });
  assert.equal(bodiless.status, 200);
});

test('SubscribeToShard says that it is not to be had', async () => {
  await using server = await startTestServer();
  const answer = call(server, `${prefix}SubscribeToShard`);
  assert.deepEqual(await errorOf(answer), [400, 'InvalidArgumentException']);
});

const signed = [
  'Host',
  'localhost',
  'X-Amz-Date',
  '20231114T221320Z',
  'Authorization',
  authorization.replace(';x-amz-target', ''),
  'Smithy-Protocol',
  'rpc-v2-cbor',
];

type Whole = { status: number; headers: Readonly<Record<string, string>>; body: Buffer };

async function call(server: TestServer, target: string, input = {}, more: string[] = []): Promise<Whole> {
  const rawHeaders = [...signed, 'Content-Type', 'application/cbor', ...more];
  const body = rpcCbor.encode(input, stream);
  const answer = await server.handle({ method: 'POST', target, rawHeaders, body });
  assert.equal(answer.headers['smithy-protocol'], 'rpc-v2-cbor');
  return answer as Whole;
}

async function errorOf(answer: Promise<Whole>): Promise<[status: number, type: string | undefined]> {
  const { status, body } = await answer;
  const { __type } = rpcCbor.decode(body, structure('Error', { __type: string() }));
  return [status, /^com\.amazonaws\.kinesis#(\w+)$/.exec(__type ?? '')?.[1]];
}
