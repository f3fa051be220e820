import {
  type AttributeValue,
  ConditionalCheckFailedException,
  CreateTableCommand,
  type DynamoDBClient,
  PutItemCommand,
  ResourceNotFoundException,
  ScanCommand,
  UpdateItemCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import {
  type ChildShard,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type KinesisClient,
  ListShardsCommand,
  type ShardIteratorType,
} from '@aws-sdk/client-kinesis';

/** Where an application lives: its stream, and its table of leases, which has its name. */
export type Application = {
  readonly kinesis: KinesisClient;
  readonly dynamodb: DynamoDBClient;
  readonly stream: string;
  readonly name: string;
  /** Where it begins if it has no leases yet. */
  readonly initial: 'TRIM_HORIZON' | 'LATEST';
};

type Lease = { readonly shard: string; readonly checkpoint: string; readonly counter: number };

/**
 * One turn of an application, with the calls that the KCL makes: it makes the leases that there are none of,
 * takes each, processes what follows its checkpoint, and checkpoints after each page. Ends at the end of the
 * stream, or once it has processed `most` records. Answers their data.
 */
export async function consume(application: Application, most = Number.POSITIVE_INFINITY): Promise<string[]> {
  const processed: string[] = [];
  await makeLeases(application);
  const done = new Set<string>();
  for (;;) {
    const lease = (await leasesOf(application)).find(({ shard }) => !done.has(shard));
    if (lease === undefined || processed.length >= most) return processed;
    done.add(lease.shard);
    await processShard(application, await take(application, lease), processed, most);
  }
}

async function makeLeases(application: Application): Promise<void> {
  const { kinesis, dynamodb, stream: StreamName, name: TableName, initial } = application;
  if (await leasesOf(application).then(({ length }) => length > 0, isMissing)) return;
  await dynamodb.send(
    new CreateTableCommand({
      TableName,
      KeySchema: [{ AttributeName: 'leaseKey', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'leaseKey', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  await waitUntilTableExists({ client: dynamodb, minDelay: 1, maxWaitTime: 60 }, { TableName });
  const ShardFilter = { Type: `AT_${initial}` as const };
  const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName, ShardFilter }));
  for (const { ShardId } of Shards) await makeLease(application, ShardId!, initial);
}

function isMissing(error: unknown): false {
  if (error instanceof ResourceNotFoundException) return false;
  throw error;
}

async function makeLease({ dynamodb, name }: Application, shard: string, checkpoint: string): Promise<void> {
  const Item = {
    leaseKey: { S: shard },
    leaseCounter: { N: '0' },
    checkpoint: { S: checkpoint },
    checkpointSubSequenceNumber: { N: '0' },
    ownerSwitchesSinceCheckpoint: { N: '0' },
  };
  const Expected = { leaseKey: { Exists: false } };
  const put = dynamodb.send(new PutItemCommand({ TableName: name, Item, Expected }));
  await put.catch((error: unknown) => {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  });
}

/** Those of parents before those of their children: shards are numbered as they come. */
async function leasesOf({ dynamodb, name }: Application): Promise<Lease[]> {
  const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName: name, ConsistentRead: true }));
  return Items.map((item) => ({
    shard: item['leaseKey']!.S!,
    checkpoint: item['checkpoint']!.S!,
    counter: Number(item['leaseCounter']!.N),
  }))
    .filter(({ checkpoint }) => checkpoint !== 'SHARD_END')
    .sort((one, other) => (one.shard < other.shard ? -1 : 1));
}

const worker = { S: 'worker-1' };

async function take(application: Application, lease: Lease): Promise<Lease> {
  const counter = lease.counter + 1;
  const changes = { leaseOwner: worker, leaseCounter: { N: String(counter) } };
  await update(application, lease.shard, { leaseCounter: { N: String(lease.counter) } }, changes);
  return { ...lease, counter };
}

async function update(
  { dynamodb, name }: Application,
  shard: string,
  expected: Readonly<Record<string, AttributeValue>>,
  changes: Readonly<Record<string, AttributeValue>>,
): Promise<void> {
  const Expected = Object.fromEntries(Object.entries(expected).map(([key, Value]) => [key, { Value }]));
  const AttributeUpdates = Object.fromEntries(
    Object.entries(changes).map(([key, Value]) => [key, { Value, Action: 'PUT' as const }]),
  );
  const Key = { leaseKey: { S: shard } };
  await dynamodb.send(new UpdateItemCommand({ TableName: name, Key, Expected, AttributeUpdates }));
}

async function processShard(
  application: Application,
  lease: Lease,
  processed: string[],
  most: number,
): Promise<void> {
  const { kinesis, stream: StreamName } = application;
  const held = { leaseOwner: worker, leaseCounter: { N: String(lease.counter) } };
  const checkpoint = (S: string) => update(application, lease.shard, held, { checkpoint: { S } });
  const start = { StreamName, ShardId: lease.shard, ...startAfter(lease) };
  let { ShardIterator } = await kinesis.send(new GetShardIteratorCommand(start));
  while (processed.length < most) {
    const page = await kinesis.send(new GetRecordsCommand({ ShardIterator, Limit: pageRecords }));
    processed.push(...page.Records!.map(({ Data }) => Buffer.from(Data!).toString()));
    const last = page.Records!.at(-1);
    if (last !== undefined) await checkpoint(last.SequenceNumber!);
    ShardIterator = page.NextShardIterator;
    if (ShardIterator === undefined) {
      for (const child of page.ChildShards ?? []) await makeChildLease(application, child);
      return await checkpoint('SHARD_END');
    }
    if (last === undefined && page.MillisBehindLatest === 0) return;
  }
}

const pageRecords = 10;

function makeChildLease(application: Application, { ShardId }: ChildShard): Promise<void> {
  return makeLease(application, ShardId!, 'TRIM_HORIZON');
}

function startAfter({ checkpoint }: Lease): {
  ShardIteratorType: ShardIteratorType;
  StartingSequenceNumber?: string;
} {
  if (checkpoint === 'LATEST' || checkpoint === 'TRIM_HORIZON') return { ShardIteratorType: checkpoint };
  return { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: checkpoint };
}
