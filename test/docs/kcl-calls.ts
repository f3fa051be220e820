import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateTableCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
  UpdateTableCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamConsumerCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  RegisterStreamConsumerCommand,
  ResourceNotFoundException,
  SubscribeToShardCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Key as AccessKey } from '../server/official-clients.ts';

const StreamName = 'orders';
const TableName = 'billing';
const IndexName = 'LeaseOwnerToLeaseKeyIndex';
const Key = { leaseKey: { S: 'shardId-000000000000' } };
const ShardId = 'shardId-000000000000';
const leaseKey = { AttributeName: 'leaseKey', AttributeType: 'S' as const };
const leaseOwner = { AttributeName: 'leaseOwner', AttributeType: 'S' as const };

/**
 * What KCL 3.5.1 calls for an application `billing` of the stream `orders`, from its first start on, one by
 * one and in its order: the shard's end included, with which a lease goes.
 */
export class KclCalls implements Disposable {
  readonly #kinesis: KinesisClient;
  readonly #dynamodb: DynamoDBClient;
  readonly #cloudwatch: CloudWatchClient;
  #streamArn = '';
  #consumerArn = '';
  #iterator: string | undefined;

  constructor(endpoint: string, credentials: AccessKey) {
    const requestHandler = new NodeHttpHandler({ httpAgent: { keepAlive: false } });
    const config = { endpoint, region: 'us-east-1', credentials, maxAttempts: 1, requestHandler };
    this.#kinesis = new KinesisClient(config);
    this.#dynamodb = new DynamoDBClient(config);
    this.#cloudwatch = new CloudWatchClient(config);
  }

  /** By the action that each takes. */
  readonly all: readonly (readonly [action: string, call: () => Promise<unknown>])[] = [
    ['dynamodb:CreateTable', () => this.#createTable()],
    ['dynamodb:DescribeTable', () => this.#dynamodb.send(new DescribeTableCommand({ TableName }))],
    ['dynamodb:UpdateTable', () => this.#addIndex()],
    ['kinesis:ListShards', () => this.#listShards()],
    ['dynamodb:PutItem', () => this.#putLease()],
    [
      'dynamodb:Scan',
      () => this.#dynamodb.send(new ScanCommand({ TableName, Segment: 0, TotalSegments: 1 })),
    ],
    ['dynamodb:GetItem', () => this.#dynamodb.send(new GetItemCommand({ TableName, Key }))],
    ['dynamodb:Query', () => this.#ownLeases()],
    ['dynamodb:UpdateItem', () => this.#takeLease()],
    ['kinesis:DescribeStreamSummary', () => this.#describeStream()],
    ['kinesis:DescribeStreamConsumer', () => this.#describeConsumer()],
    ['kinesis:RegisterStreamConsumer', () => this.#register()],
    ['kinesis:DescribeStreamConsumer', () => this.#describeConsumer()],
    ['kinesis:SubscribeToShard', () => this.#subscribe()],
    ['kinesis:GetShardIterator', () => this.#begin()],
    ['kinesis:GetRecords', () => this.#read()],
    ['cloudwatch:PutMetricData', () => this.#putMetric()],
    ['dynamodb:DeleteItem', () => this.#dynamodb.send(new DeleteItemCommand({ TableName, Key }))],
  ];

  [Symbol.dispose](): void {
    for (const client of [this.#kinesis, this.#dynamodb, this.#cloudwatch]) client.destroy();
  }

  #createTable(): Promise<unknown> {
    return this.#dynamodb.send(
      new CreateTableCommand({
        TableName,
        KeySchema: [{ AttributeName: 'leaseKey', KeyType: 'HASH' }],
        AttributeDefinitions: [leaseKey],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
  }

  async #addIndex(): Promise<void> {
    await this.#tableIsActive();
    const Create = {
      IndexName,
      KeySchema: [
        { AttributeName: 'leaseOwner', KeyType: 'HASH' as const },
        { AttributeName: 'leaseKey', KeyType: 'RANGE' as const },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' as const },
    };
    const GlobalSecondaryIndexUpdates = [{ Create }];
    const AttributeDefinitions = [leaseKey, leaseOwner];
    await this.#dynamodb.send(
      new UpdateTableCommand({ TableName, AttributeDefinitions, GlobalSecondaryIndexUpdates }),
    );
    for (;;) {
      const { Table } = await this.#dynamodb.send(new DescribeTableCommand({ TableName }));
      if (Table?.GlobalSecondaryIndexes?.[0]?.IndexStatus === 'ACTIVE') return;
    }
  }

  async #tableIsActive(): Promise<void> {
    const patience = { client: this.#dynamodb, minDelay: 1, maxDelay: 1, maxWaitTime: 60 };
    await waitUntilTableExists(patience, { TableName });
  }

  #listShards(): Promise<unknown> {
    return this.#kinesis.send(
      new ListShardsCommand({ StreamName, ShardFilter: { Type: 'AT_TRIM_HORIZON' } }),
    );
  }

  #putLease(): Promise<unknown> {
    const Item = {
      ...Key,
      leaseCounter: { N: '0' },
      checkpoint: { S: 'TRIM_HORIZON' },
      leaseOwner: { S: 'w' },
    };
    const Expected = { leaseKey: { Exists: false } };
    return this.#dynamodb.send(new PutItemCommand({ TableName, Item, Expected }));
  }

  #takeLease(): Promise<unknown> {
    const AttributeUpdates = { leaseCounter: { Value: { N: '1' }, Action: 'PUT' as const } };
    const Expected = { leaseCounter: { Value: { N: '0' } } };
    return this.#dynamodb.send(new UpdateItemCommand({ TableName, Key, AttributeUpdates, Expected }));
  }

  #ownLeases(): Promise<unknown> {
    return this.#dynamodb.send(
      new QueryCommand({
        TableName,
        IndexName,
        KeyConditionExpression: 'leaseOwner = :leaseOwner',
        ExpressionAttributeValues: { ':leaseOwner': { S: 'w' } },
      }),
    );
  }

  async #describeStream(): Promise<void> {
    const { StreamDescriptionSummary } = await this.#kinesis.send(
      new DescribeStreamSummaryCommand({ StreamName }),
    );
    this.#streamArn = StreamDescriptionSummary!.StreamARN!;
  }

  /** Before it is registered there is none, which is an answer. */
  async #describeConsumer(): Promise<void> {
    const consumer = { StreamARN: this.#streamArn, ConsumerName: 'billing' };
    await this.#kinesis.send(new DescribeStreamConsumerCommand(consumer)).catch((error: unknown) => {
      if (!(error instanceof ResourceNotFoundException)) throw error;
    });
  }

  async #register(): Promise<void> {
    const consumer = { StreamARN: this.#streamArn, ConsumerName: 'billing' };
    const { Consumer } = await this.#kinesis.send(new RegisterStreamConsumerCommand(consumer));
    this.#consumerArn = Consumer!.ConsumerARN!;
    for (let status = ''; status !== 'ACTIVE'; ) {
      const { ConsumerDescription } = await this.#kinesis.send(new DescribeStreamConsumerCommand(consumer));
      status = ConsumerDescription!.ConsumerStatus!;
    }
  }

  async #subscribe(): Promise<void> {
    const StartingPosition = { Type: 'TRIM_HORIZON' as const };
    const { EventStream } = await this.#kinesis.send(
      new SubscribeToShardCommand({ ConsumerARN: this.#consumerArn, ShardId, StartingPosition }),
    );
    // What is given back is closed.
    for await (const _event of EventStream!) break;
  }

  async #begin(): Promise<void> {
    const start = { StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' as const };
    this.#iterator = (await this.#kinesis.send(new GetShardIteratorCommand(start))).ShardIterator;
  }

  #read(): Promise<unknown> {
    return this.#kinesis.send(new GetRecordsCommand({ ShardIterator: this.#iterator! }));
  }

  #putMetric(): Promise<unknown> {
    const MetricData = [{ MetricName: 'RecordsProcessed', Value: 1 }];
    return this.#cloudwatch.send(new PutMetricDataCommand({ Namespace: 'billing', MetricData }));
  }
}
