// A server with something to see: flights that come in, some who read them, users, keys.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateDeliveryStreamCommand, FirehoseClient } from '@aws-sdk/client-firehose';
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  PutRecordsCommand,
  RegisterStreamConsumerCommand,
  SplitShardCommand,
  SubscribeToShardCommand,
} from '@aws-sdk/client-kinesis';
import { CreateAliasCommand, CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { type Flight, loadFlights } from '../../examples/demo/flights.ts';
import { startTestServer, type TestServer } from '../../src/server/testing.ts';

const account = '000000000000';
const role = `arn:aws:iam::${account}:role/delivery`;

/** A server in which flights are put, and read in five ways, until it is closed. */
export class Scene implements AsyncDisposable {
  readonly server: TestServer;
  readonly #kinesis: KinesisClient;
  readonly #folder: string;
  readonly #ending = new AbortController();
  readonly #running: Promise<void>[] = [];

  private constructor(server: TestServer, folder: string) {
    this.server = server;
    this.#kinesis = new KinesisClient(server.clientConfig);
    this.#folder = folder;
  }

  static async start(): Promise<Scene> {
    const folder = mkdtempSync(join(tmpdir(), 'millrace-pictures-'));
    mkdirSync(join(folder, 'lake'));
    const server = await startTestServer({
      ...{ limits: 'aws', audit: join(folder, 'audit'), subscriptionLifetime: 3600 },
      s3: `file://${join(folder, 'lake')}`,
    });
    const scene = new Scene(server, folder);
    await scene.#makeStreams();
    await scene.#makeReaders();
    await scene.#makeUsers();
    return scene;
  }

  /** Flights that come in, many of them from a few airports: their shard gets hot. */
  async #makeStreams(): Promise<void> {
    const streams: [string, number, string][] = [
      ['flights', 4, 'operations'],
      ['bookings', 2, 'sales'],
      ['payments', 1, 'sales'],
      ['web-clicks', 3, 'web'],
    ];
    for (const [StreamName, ShardCount, team] of streams) {
      await this.#kinesis.send(new CreateStreamCommand({ StreamName, ShardCount, Tags: { team } }));
    }
    const StreamModeDetails = { StreamMode: 'ON_DEMAND' } as const;
    await this.#kinesis.send(new CreateStreamCommand({ StreamName: 'sensors', StreamModeDetails }));
    await this.#split('flights', 'shardId-000000000001');
    const flights = loadFlights();
    await this.#put('flights', flights.slice(0, 2000));
    // In small portions, so that curves are even on a machine that is busy.
    this.#each(250, async (turn) => {
      await this.#put('flights', flightsOf(flights, turn, 75));
      await this.#put('bookings', flightsOf(flights, turn, 15));
      await this.#put('web-clicks', flightsOf(flights, turn, 30));
      await this.#put('payments', flightsOf(flights, turn, 1));
    });
  }

  async #put(StreamName: string, flights: readonly Flight[]): Promise<void> {
    for (let from = 0; from < flights.length; from += 400) {
      const Records = flights
        .slice(from, from + 400)
        .map(({ origin, data }) => ({ PartitionKey: origin, Data: data }));
      await this.#kinesis.send(new PutRecordsCommand({ StreamName, Records }));
    }
  }

  async #split(StreamName: string, ShardToSplit: string): Promise<void> {
    const { Shards = [] } = await this.#kinesis.send(new ListShardsCommand({ StreamName }));
    const { HashKeyRange } = Shards.find(({ ShardId }) => ShardId === ShardToSplit)!;
    const { StartingHashKey, EndingHashKey } = HashKeyRange!;
    const NewStartingHashKey = String((BigInt(StartingHashKey!) + BigInt(EndingHashKey!)) / 2n);
    await this.#kinesis.send(new SplitShardCommand({ StreamName, ShardToSplit, NewStartingHashKey }));
  }

  async #makeReaders(): Promise<void> {
    await this.#subscribe('flights', 'departures-board');
    await this.#poll('bookings');
    await this.#leases('delay-statistics', 'flights');
    await this.server.lambda('notify-passengers', () => undefined, { stream: 'bookings', batchSize: 100 });
    const failing = () => {
      throw new Error('the bank does not answer');
    };
    await this.server.lambda('charge-cards', failing, {
      ...{ stream: 'payments', maximumRetryAttempts: 0, batchSize: 5 },
    });
    await this.#deliver('flights-to-lake', 'flights');
  }

  /** A fan-out consumer of each shard that is open now. */
  async #subscribe(stream: string, ConsumerName: string): Promise<void> {
    const StreamARN = `arn:aws:kinesis:us-east-1:${account}:stream/${stream}`;
    const made = await this.#kinesis.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName }));
    const { ConsumerARN } = made.Consumer!;
    for (const ShardId of await this.#openShards(stream)) {
      const StartingPosition = { Type: 'LATEST' } as const;
      const subscription = new SubscribeToShardCommand({ ConsumerARN, ShardId, StartingPosition });
      const { EventStream } = await this.#kinesis.send(subscription, { abortSignal: this.#ending.signal });
      this.#run(async () => {
        for await (const _ of EventStream!) if (this.#ending.signal.aborted) return;
      });
    }
  }

  async #openShards(StreamName: string): Promise<string[]> {
    const { Shards = [] } = await this.#kinesis.send(new ListShardsCommand({ StreamName }));
    return Shards.filter((shard) => shard.SequenceNumberRange!.EndingSequenceNumber === undefined).map(
      ({ ShardId }) => ShardId!,
    );
  }

  async #poll(StreamName: string): Promise<void> {
    const iterators = new Map<string, string>();
    for (const ShardId of await this.#openShards(StreamName)) {
      const start = new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'LATEST' });
      iterators.set(ShardId, (await this.#kinesis.send(start)).ShardIterator!);
    }
    this.#each(500, async () => {
      for (const [shard, ShardIterator] of iterators) {
        const page = await this.#kinesis.send(new GetRecordsCommand({ ShardIterator }));
        iterators.set(shard, page.NextShardIterator!);
      }
    });
  }

  /** What an application of the KCL that has fallen behind leaves in its table of leases. */
  async #leases(TableName: string, StreamName: string): Promise<void> {
    const tables = new DynamoDBClient(this.server.clientConfig);
    const { Shards = [] } = await this.#kinesis.send(new ListShardsCommand({ StreamName }));
    await tables.send(
      new CreateTableCommand({
        ...{ TableName, BillingMode: 'PAY_PER_REQUEST' },
        KeySchema: [{ AttributeName: 'leaseKey', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'leaseKey', AttributeType: 'S' }],
      }),
    );
    const leases: { key: string; first: string; owner: string; from: string; to: string }[] = [];
    for (const [index, shard] of Shards.entries()) {
      const start = new GetShardIteratorCommand({
        ...{ StreamName, ShardId: shard.ShardId!, ShardIteratorType: 'TRIM_HORIZON' },
      });
      const { ShardIterator } = await this.#kinesis.send(start);
      const { Records = [] } = await this.#kinesis.send(new GetRecordsCommand({ ShardIterator, Limit: 1 }));
      const isClosed = shard.SequenceNumberRange!.EndingSequenceNumber !== undefined;
      leases.push({
        key: shard.ShardId!,
        first: isClosed ? 'SHARD_END' : (Records[0]?.SequenceNumber ?? 'TRIM_HORIZON'),
        owner: index % 2 === 0 ? 'ip-10-0-1-17' : 'ip-10-0-2-40',
        from: shard.HashKeyRange!.StartingHashKey!,
        to: shard.HashKeyRange!.EndingHashKey!,
      });
    }
    this.#each(2000, async (turn) => {
      for (const { key, first, owner, from, to } of leases) {
        const Item = {
          ...{ leaseKey: { S: key }, leaseCounter: { N: String(turn) }, checkpoint: { S: first } },
          ...(first === 'SHARD_END' ? {} : { leaseOwner: { S: owner } }),
          ...{ checkpointSubSequenceNumber: { N: '0' }, ownerSwitchesSinceCheckpoint: { N: '0' } },
          ...{ startingHashKey: { S: from }, endingHashKey: { S: to } },
        };
        await tables.send(new PutItemCommand({ TableName, Item }));
      }
    });
  }

  async #deliver(DeliveryStreamName: string, stream: string): Promise<void> {
    mkdirSync(join(this.#folder, 'lake', 'flights'));
    const firehose = new FirehoseClient(this.server.clientConfig);
    await firehose.send(
      new CreateDeliveryStreamCommand({
        ...{ DeliveryStreamName, DeliveryStreamType: 'KinesisStreamAsSource' },
        KinesisStreamSourceConfiguration: {
          ...{ KinesisStreamARN: `arn:aws:kinesis:us-east-1:${account}:stream/${stream}`, RoleARN: role },
        },
        ExtendedS3DestinationConfiguration: {
          ...{ RoleARN: role, BucketARN: 'arn:aws:s3:::flights' },
          BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 5 },
        },
      }),
    );
  }

  async #makeUsers(): Promise<void> {
    const iam = new IAMClient(this.server.clientConfig);
    const reads = {
      Version: '2012-10-17',
      Statement: [
        {
          ...{ Effect: 'Allow', Action: ['kinesis:Get*', 'kinesis:List*', 'kinesis:Describe*'] },
          Resource: `arn:aws:kinesis:*:${account}:stream/flights`,
        },
      ],
    };
    for (const UserName of ['ana', 'billing-service', 'departures-board', 'li']) {
      await iam.send(new CreateUserCommand({ UserName }));
    }
    await iam.send(new CreateAccessKeyCommand({ UserName: 'ana' }));
    await iam.send(new CreateGroupCommand({ GroupName: 'analysts' }));
    const policy = { PolicyName: 'reads-flights', PolicyDocument: JSON.stringify(reads) };
    const { Policy } = await iam.send(new CreatePolicyCommand(policy));
    await iam.send(new AttachUserPolicyCommand({ UserName: 'ana', PolicyArn: Policy!.Arn! }));
    await iam.send(
      new PutUserPolicyCommand({
        ...{ UserName: 'billing-service', PolicyName: 'puts-payments' },
        PolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              ...{ Effect: 'Allow', Action: 'kinesis:PutRecord*' },
              Resource: `arn:aws:kinesis:us-east-1:${account}:stream/payments`,
            },
          ],
        }),
      }),
    );
    const trust = {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { Service: 'firehose.amazonaws.com' },
    };
    await iam.send(
      new CreateRoleCommand({
        ...{ RoleName: 'delivery', Description: 'Reads flights for the lake' },
        AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
      }),
    );
    const kms = new KMSClient(this.server.clientConfig);
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Description: 'Streams of sales' }));
    await kms.send(new CreateAliasCommand({ AliasName: 'alias/sales', TargetKeyId: KeyMetadata!.KeyId! }));
  }

  /** Again and again with so much time in between, with its number, until the end. */
  #each(everyMs: number, work: (turn: number) => Promise<void>): void {
    this.#run(async () => {
      for (let turn = 0; !this.#ending.signal.aborted; turn++) {
        await work(turn);
        await sleep(everyMs);
      }
    });
  }

  #run(work: () => Promise<void>): void {
    this.#running.push(
      work().catch((error: unknown) => {
        if (!this.#ending.signal.aborted) throw error;
      }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    await Promise.all(this.#running);
    this.#kinesis.destroy();
    await this.server.close();
    rmSync(this.#folder, { recursive: true });
  }
}

/** Airports whose hash keys are in the last quarter. */
const busy = ['DEN', 'ORD', 'LAS', 'SFO', 'DTW', 'BOS'];

/** Every third of them leaves from one of a few airports, the others as they did: one shard gets hot. */
function flightsOf(flights: readonly Flight[], turn: number, count: number): Flight[] {
  const from = (turn * count) % (flights.length - count);
  return flights
    .slice(from, from + count)
    .map((flight, index) =>
      index % 3 === 0 ? { ...flight, origin: busy[(index / 3) % busy.length]! } : flight,
    );
}
