import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateDeliveryStreamCommand, FirehoseClient } from '@aws-sdk/client-firehose';
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  PutRecordsCommand,
  RegisterStreamConsumerCommand,
} from '@aws-sdk/client-kinesis';
import { startTestServer, type TestServer } from '../../src/server/testing.ts';

/** Data for which the function `billing` fails, until `function.isMended`. */
export const poison = 'poison';

/**
 * A server whose stream `orders` of two shards has a reader of each kind, and a record that nobody can bill.
 */
export interface ReadersWorld extends AsyncDisposable {
  readonly server: TestServer;
  readonly kinesis: KinesisClient;
  readonly function: { isMended: boolean };
  /** A record of it. */
  readonly first: { readonly ShardId: string; readonly SequenceNumber: string };
}

export async function startReadersWorld(): Promise<ReadersWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-console-'));
  mkdirSync(join(folder, 'lake'));
  const server = await startTestServer({ s3: String(pathToFileURL(folder)) });
  const kinesis = new KinesisClient(server.clientConfig);
  const function_ = { isMended: false };
  await kinesis.send(new CreateStreamCommand({ StreamName: 'orders', ShardCount: 2 }));
  const { StreamDescriptionSummary: { StreamARN } = {} } = await kinesis.send(
    new DescribeStreamSummaryCommand({ StreamName: 'orders' }),
  );
  const first = await put(kinesis, ['one', poison, 'two']);
  await kinesis.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: 'dashboard' }));
  await poll(kinesis);
  await keepLeases(server);
  await deliver(server, StreamARN!);
  await server.lambda(
    'billing',
    ({ Records }) => {
      const texts = Records.map(({ kinesis: { data } }) => Buffer.from(data, 'base64').toString());
      if (!function_.isMended && texts.includes(poison)) throw new Error('no such customer');
    },
    { stream: 'orders', batchSize: 1, maximumRetryAttempts: 0 },
  );
  return {
    ...{ server, kinesis, function: function_, first },
    [Symbol.asyncDispose]: async () => {
      kinesis.destroy();
      await server.close();
      rmSync(folder, { recursive: true });
    },
  };
}

async function put(kinesis: KinesisClient, texts: readonly string[]): Promise<ReadersWorld['first']> {
  const Records = texts.map((text) => ({ PartitionKey: text, Data: Buffer.from(text) }));
  const { Records: [first] = [] } = await kinesis.send(
    new PutRecordsCommand({ StreamName: 'orders', Records }),
  );
  return { ShardId: first!.ShardId!, SequenceNumber: first!.SequenceNumber! };
}

/** Whoever calls GetRecords is a reader, too. */
async function poll(kinesis: KinesisClient): Promise<void> {
  const { ShardIterator } = await kinesis.send(
    new GetShardIteratorCommand({
      ...{ StreamName: 'orders', ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' },
    }),
  );
  await kinesis.send(new GetRecordsCommand({ ShardIterator }));
}

/** The table of an application of the KCL, as its first worker leaves it. */
async function keepLeases({ clientConfig }: TestServer): Promise<void> {
  const client = new DynamoDBClient(clientConfig);
  const TableName = 'billing-app';
  await client.send(
    new CreateTableCommand({
      TableName,
      KeySchema: [{ AttributeName: 'leaseKey', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'leaseKey', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  for (const shard of [0, 1]) {
    const Item = {
      leaseKey: { S: `shardId-00000000000${shard}` },
      leaseOwner: { S: `worker-${shard}` },
      leaseCounter: { N: '7' },
      checkpoint: { S: 'TRIM_HORIZON' },
      checkpointSubSequenceNumber: { N: '0' },
      ownerSwitchesSinceCheckpoint: { N: '0' },
    };
    await client.send(new PutItemCommand({ TableName, Item }));
  }
  client.destroy();
}

async function deliver({ clientConfig }: TestServer, KinesisStreamARN: string): Promise<void> {
  const client = new FirehoseClient(clientConfig);
  const RoleARN = 'arn:aws:iam::000000000000:role/delivery';
  await client.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName: 'archive',
      DeliveryStreamType: 'KinesisStreamAsSource',
      KinesisStreamSourceConfiguration: { KinesisStreamARN, RoleARN },
      ExtendedS3DestinationConfiguration: {
        ...{ RoleARN, BucketARN: 'arn:aws:s3:::lake' },
        BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 1 },
      },
    }),
  );
  client.destroy();
}
