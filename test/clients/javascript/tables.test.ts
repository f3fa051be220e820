import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CloudWatchClient,
  GetMetricDataCommand,
  ListMetricsCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  ConditionalCheckFailedException,
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  PutItemCommand,
  paginateQuery,
  type QueryCommandOutput,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  UpdateTableCommand,
  waitUntilTableExists,
  waitUntilTableNotExists,
} from '@aws-sdk/client-dynamodb';
import { startGuardedServer } from '../guarded-server.ts';

const TableName = 'leases';
const soon = { maxWaitTime: 600, minDelay: 0.05, maxDelay: 0.2 };
const key = (shard: number) => ({ stream: { S: 'orders' }, shard: { N: String(shard) } });

test('the JavaScript SDK keeps leases in a table', async () => {
  await using server = await startGuardedServer();
  const { url: endpoint, region, credentials } = server;
  const client = new DynamoDBClient({ endpoint, region, credentials });
  await create(client);
  await takeAndRenew(client);
  await queryPages(client);
  await index(client);
  await client.send(new DeleteTableCommand({ TableName }));
  await waitUntilTableNotExists({ client, ...soon }, { TableName });
  client.destroy();
});

async function create(client: DynamoDBClient): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'stream', AttributeType: 'S' },
        { AttributeName: 'shard', AttributeType: 'N' },
      ],
      KeySchema: [
        { AttributeName: 'stream', KeyType: 'HASH' },
        { AttributeName: 'shard', KeyType: 'RANGE' },
      ],
    }),
  );
  await waitUntilTableExists({ client, ...soon }, { TableName });
}

async function takeAndRenew(client: DynamoDBClient): Promise<void> {
  const Item = {
    ...key(0),
    leaseOwner: { S: 'one' },
    leaseCounter: { N: '1' },
    state: { B: Buffer.from([0, 255]) },
  };
  const put = new PutItemCommand({
    TableName,
    Item,
    ConditionExpression: 'attribute_not_exists(#shard)',
    ExpressionAttributeNames: { '#shard': 'shard' },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  await client.send(put);
  await assert.rejects(client.send(put), (error) => {
    assert.ok(error instanceof ConditionalCheckFailedException);
    assert.deepEqual(error.Item?.['leaseOwner'], { S: 'one' });
    return true;
  });
  const renewed = await client.send(
    new UpdateItemCommand({
      TableName,
      Key: key(0),
      UpdateExpression: 'SET leaseCounter = leaseCounter + :one',
      ConditionExpression: 'leaseOwner = :me AND leaseCounter = :one',
      ExpressionAttributeValues: { ':me': { S: 'one' }, ':one': { N: '1' } },
      ReturnValues: 'ALL_NEW',
    }),
  );
  assert.deepEqual(renewed.Attributes?.['leaseCounter'], { N: '2' });
  assert.deepEqual(Buffer.from(renewed.Attributes!['state']!.B!), Buffer.from([0, 255]));
  const TransactItems = [
    { Put: { TableName, Item: key(1) } },
    {
      ConditionCheck: {
        TableName,
        Key: key(0),
        ConditionExpression: 'leaseOwner = :other',
        ExpressionAttributeValues: { ':other': { S: 'two' } },
      },
    },
  ];
  await assert.rejects(client.send(new TransactWriteItemsCommand({ TransactItems })), (error) => {
    assert.ok(error instanceof TransactionCanceledException);
    assert.deepEqual(
      error.CancellationReasons?.map(({ Code }) => Code),
      ['None', 'ConditionalCheckFailed'],
    );
    return true;
  });
}

async function queryPages(client: DynamoDBClient): Promise<void> {
  for (const shard of Array.from({ length: 9 }, (_, number) => number + 1)) {
    await client.send(
      new PutItemCommand({ TableName, Item: { ...key(shard), leaseOwner: { S: `w${shard % 2}` } } }),
    );
  }
  const pages = paginateQuery(
    { client, pageSize: 4 },
    {
      TableName,
      KeyConditionExpression: '#stream = :orders AND #shard > :one',
      ExpressionAttributeNames: { '#stream': 'stream', '#shard': 'shard' },
      ExpressionAttributeValues: { ':orders': { S: 'orders' }, ':one': { N: '1' } },
      ScanIndexForward: false,
    },
  );
  assert.deepEqual(await shardsIn(pages), [9, 8, 7, 6, 5, 4, 3, 2]);
}

/** As KCL 3 adds its own to a table that is there. */
async function index(client: DynamoDBClient): Promise<void> {
  await client.send(
    new UpdateTableCommand({
      TableName,
      AttributeDefinitions: [{ AttributeName: 'leaseOwner', AttributeType: 'S' }],
      GlobalSecondaryIndexUpdates: [
        {
          Create: {
            IndexName: 'byOwner',
            KeySchema: [{ AttributeName: 'leaseOwner', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'KEYS_ONLY' },
          },
        },
      ],
    }),
  );
  while ((await indexStatus(client)) !== 'ACTIVE') await sleep(50);
  const mine = {
    TableName,
    IndexName: 'byOwner',
    KeyConditionExpression: 'leaseOwner = :owner',
    ExpressionAttributeValues: { ':owner': { S: 'w1' } },
  };
  const found = await shardsIn(paginateQuery({ client, pageSize: 2 }, mine));
  assert.deepEqual(found.sort(), [1, 3, 5, 7, 9]);
}

async function shardsIn(pages: AsyncIterable<QueryCommandOutput>): Promise<number[]> {
  const found: number[] = [];
  for await (const { Items = [] } of pages) found.push(...Items.map(({ shard }) => Number(shard!.N)));
  return found;
}

async function indexStatus(client: DynamoDBClient): Promise<string | undefined> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  return Table?.GlobalSecondaryIndexes?.[0]?.IndexStatus;
}

test('the JavaScript SDK puts metrics and looks at them', async () => {
  await using server = await startGuardedServer();
  const { url: endpoint, region, credentials } = server;
  const client = new CloudWatchClient({ endpoint, region, credentials });
  const Dimensions = [{ Name: 'ShardId', Value: 'shardId-000000000000' }];
  const datum = { MetricName: 'RecordsProcessed', Dimensions, Unit: 'Count', Timestamp: new Date() } as const;
  const MetricData = [3, 4].map((Value) => ({ ...datum, Value }));
  await client.send(new PutMetricDataCommand({ Namespace: 'orders', MetricData }));
  const { Metrics } = await client.send(new ListMetricsCommand({ Namespace: 'orders' }));
  const metric = { Namespace: 'orders', MetricName: datum.MetricName, Dimensions };
  assert.deepEqual(Metrics, [metric]);
  const { MetricDataResults } = await client.send(
    new GetMetricDataCommand({
      StartTime: new Date(Date.now() - 3_600_000),
      EndTime: new Date(Date.now() + 60_000),
      MetricDataQueries: [{ Id: 'sum', MetricStat: { Metric: metric, Period: 60, Stat: 'Sum' } }],
    }),
  );
  assert.deepEqual(MetricDataResults?.[0]?.Values, [7]);
  client.destroy();
});
