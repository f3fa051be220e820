import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  AddTagsToStreamCommand,
  DescribeStreamCommand,
  GetShardIteratorCommand,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import { AwsQueryProtocol } from '@aws-sdk/core/protocols';
import { queryProtocol } from '../../../src/wire/query/query-protocol.ts';
import { ServiceError } from '../../../src/wire/service-error.ts';
import { OfficialClient } from '../official-client.ts';

const service = {
  scope: 'kinesis',
  version: '2013-12-02',
  namespace: 'https://kinesis.example/doc/2013-12-02/',
  unserved: new Set<string>(),
};
const exchange = new OfficialClient(
  queryProtocol(service),
  new AwsQueryProtocol({
    defaultNamespace: 'com.amazonaws.kinesis',
    version: service.version,
    xmlNamespace: service.namespace,
    errorTypeRegistries: [],
  }),
);
const { client } = exchange;
after(() => client.destroy());

const text = 'a+b c&d=e%é\u{1f600}<>"\'\r\n;';

test('lists, structures and blobs of the official client are read, and it reads ours', async () => {
  const Records = [
    { PartitionKey: text, Data: Buffer.of(0, 255, 62, 63) },
    { PartitionKey: 'b', Data: Buffer.alloc(0), ExplicitHashKey: '5' },
  ];
  const answer = {
    FailedRecordCount: 1,
    EncryptionType: 'NONE' as const,
    Records: [
      { SequenceNumber: '5', ShardId: 'shardId-000000000000' },
      { ErrorCode: 'A', ErrorMessage: text },
    ],
  };
  exchange.answer = answer;
  const { $metadata, ...output } = await client.send(
    new PutRecordsCommand({ StreamName: 'orders', Records }),
  );
  assert.deepEqual(exchange.input, { StreamName: 'orders', Records });
  assert.deepEqual(output, answer);
  assert.equal($metadata.httpStatusCode, 200);
});

test('numbers and points in time of the official client are read, and it reads ours', async () => {
  exchange.answer = { ShardIterator: text };
  const Timestamp = new Date(1_422_172_800_123);
  const input = { StreamName: 's', ShardId: '0', ShardIteratorType: 'AT_TIMESTAMP' as const };
  const { ShardIterator } = await client.send(new GetShardIteratorCommand({ ...input, Timestamp }));
  assert.deepEqual(exchange.input, { ...input, Timestamp: Timestamp.getTime() });
  assert.equal(ShardIterator, text);
  exchange.answer = {
    StreamDescription: {
      StreamName: 's',
      StreamARN: 'arn',
      StreamStatus: 'ACTIVE',
      Shards: [],
      HasMoreShards: false,
      RetentionPeriodHours: 24,
      StreamCreationTimestamp: 1_422_172_800_500,
      EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
    },
  };
  const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamName: 's', Limit: 5 }));
  assert.deepEqual(exchange.input, { StreamName: 's', Limit: 5 });
  assert.equal(StreamDescription?.StreamCreationTimestamp?.getTime(), 1_422_172_800_500);
  assert.equal(StreamDescription?.HasMoreShards, false);
  assert.equal(StreamDescription?.RetentionPeriodHours, 24);
  assert.deepEqual(StreamDescription?.Shards, []);
});

test('maps of the official client are read, and it reads an answer without a result', async () => {
  const Tags = { [text]: text, b: '' };
  exchange.answer = undefined;
  await client.send(new AddTagsToStreamCommand({ StreamName: 's', Tags }));
  assert.deepEqual({ ...(exchange.input as { Tags: object }).Tags }, Tags);
});

test('the official client reads our errors', async () => {
  exchange.answer = new ServiceError('UnrecognizedClientException', text);
  const call = client.send(new PutRecordsCommand({ StreamName: 's', Records: [] }));
  await assert.rejects(call, (error: Error & { $metadata?: { httpStatusCode?: number } }) => {
    const { name, message, $metadata } = error;
    assert.deepEqual([name, message, $metadata?.httpStatusCode], ['InvalidClientTokenId', text, 403]);
    return true;
  });
  assert.deepEqual(exchange.input, { StreamName: 's', Records: [] });
});
