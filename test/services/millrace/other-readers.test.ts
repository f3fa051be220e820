import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ListReadersAnswer } from '../../../src/services/millrace/sights.ts';
import { SignedServer } from '../../server/delivery/signed-server.ts';

const kinesis = 'Kinesis_20131202';

test('a registered consumer and a delivery are readers of their stream, and say where they take records', async () => {
  const server = await SignedServer.boot();
  await server.ok('kinesis', `${kinesis}.CreateStream`, { StreamName: 'orders', ShardCount: 1 });
  await server.clock.advance(100);
  const { StreamDescriptionSummary: stream } = await server.ok<{
    StreamDescriptionSummary: { StreamARN: string };
  }>('kinesis', `${kinesis}.DescribeStreamSummary`, { StreamName: 'orders' });
  const { StreamARN } = stream;
  await server.ok('kinesis', `${kinesis}.RegisterStreamConsumer`, { StreamARN, ConsumerName: 'billing' });
  const trust = {
    Effect: 'Allow',
    Principal: { Service: 'firehose.amazonaws.com' },
    Action: 'sts:AssumeRole',
  };
  const reads = { Effect: 'Allow', Action: 'kinesis:*', Resource: '*' };
  const documentOf = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  const made = await server.iam('CreateRole', {
    ...{ RoleName: 'reader', AssumeRolePolicyDocument: documentOf(trust) },
  });
  const RoleARN = /<Arn>(.*?)<\/Arn>/.exec(made)![1]!;
  await server.iam('PutRolePolicy', {
    ...{ RoleName: 'reader', PolicyName: 'own', PolicyDocument: documentOf(reads) },
  });
  const ofStream = {
    DeliveryStreamType: 'KinesisStreamAsSource',
    KinesisStreamSourceConfiguration: { KinesisStreamARN: StreamARN, RoleARN },
  };
  for (const [DeliveryStreamName, source] of [
    ['archive', ofStream],
    ['direct', {}],
  ] as const) {
    await server.ok('firehose', 'Firehose_20150804.CreateDeliveryStream', {
      ...{ DeliveryStreamName, ...source },
      ExtendedS3DestinationConfiguration: {
        ...{ RoleARN, BucketARN: 'arn:aws:s3:::lake' },
        BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 1 },
      },
    });
  }
  await server.until(async () => (await server.sight()).State === 'running');
  await server.ok('kinesis', `${kinesis}.PutRecord`, {
    StreamName: 'orders',
    PartitionKey: 'a',
    Data: 'AAAA',
  });
  await server.until(() => server.lines.length === 1);
  await server.clock.advance(2_000);
  const { Readers } = await server.ok<ListReadersAnswer>('millrace', 'Millrace_20261129.ListReaders', {
    StreamName: 'orders',
  });
  assert.deepEqual(
    Readers.map(({ Kind, Name, State, To, LagMillis, Records }) => [
      Kind,
      Name,
      State,
      To,
      LagMillis,
      Records,
    ]),
    [
      ['fan-out', 'billing', 'idle', undefined, undefined, 0],
      ['delivery', 'archive', 'running', 's3://lake', 0, 1],
    ],
  );
  const all = await server.ok<ListReadersAnswer>('millrace', 'Millrace_20261129.ListReaders', {});
  assert.deepEqual(all.Readers.map(({ Name }) => Name).sort(), ['archive', 'billing']);
  await server.close();
});
