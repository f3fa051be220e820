import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  type IAMClient,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import {
  AddTagsToStreamCommand,
  CreateStreamCommand,
  DecreaseStreamRetentionPeriodCommand,
  DeleteStreamCommand,
  DeregisterStreamConsumerCommand,
  DescribeStreamCommand,
  DescribeStreamConsumerCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  type GetRecordsCommandOutput,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  IncreaseStreamRetentionPeriodCommand,
  KinesisClient,
  KinesisServiceException,
  ListShardsCommand,
  ListStreamsCommand,
  ListTagsForStreamCommand,
  MergeShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  paginateListStreams,
  RegisterStreamConsumerCommand,
  RemoveTagsFromStreamCommand,
  type ShardFilterType,
  SplitShardCommand,
  SubscribeToShardCommand,
  UpdateShardCountCommand,
  waitUntilStreamExists,
  waitUntilStreamNotExists,
} from '@aws-sdk/client-kinesis';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { type Key, keyOf, OfficialClients } from '../../server/official-clients.ts';
import { startGuardedServer } from '../guarded-server.ts';
import { tapWire } from '../wire-tap.ts';

test('the JavaScript SDK, as it comes, does its work over HTTP/2', () => work('HTTP/2', {}));

test('the JavaScript SDK does its work over HTTP/1.1', () =>
  work('HTTP/1.1', { requestHandler: new NodeHttpHandler() }));

test('the JavaScript SDK with a wrong secret gets its own error', async () => {
  await using server = await startGuardedServer();
  const { url: endpoint, region } = server;
  const credentials = { ...server.credentials, secretAccessKey: 'another' };
  const client = new KinesisClient({ endpoint, region, credentials });
  await assert.rejects(client.send(new ListStreamsCommand({})), (error) => {
    assert.ok(error instanceof KinesisServiceException);
    assert.equal(error.name, 'InvalidSignatureException');
    assert.equal(error.$fault, 'client');
    return true;
  });
  client.destroy();
});

test('the JavaScript SDK works with a user, a role that it assumes, and what policies let them do', async () => {
  await using server = await startGuardedServer();
  const { url: endpoint, region } = server;
  using root = new OfficialClients(endpoint, server.credentials, region);
  await root.kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
  await active(root.kinesis);
  const key = await newUser(root.iam, 'anna', 'kinesis:PutRecord');
  using anna = new OfficialClients(endpoint, key, region);
  const { Arn } = await anna.sts.send(new GetCallerIdentityCommand({}));
  const RoleArn = await newRole(root.iam, 'reader', Arn!, 'kinesis:Get*');

  let assumed = 0;
  const lend = (session: { Policy?: string }) => async () => {
    assumed += 1;
    const role = { RoleArn, RoleSessionName: 'night', DurationSeconds: 900, ...session };
    const { Credentials } = await anna.sts.send(new AssumeRoleCommand(role));
    return { ...keyOf(Credentials), expiration: Credentials!.Expiration! };
  };
  const record = { StreamName, Data: Buffer.from('one'), PartitionKey: 'a' };
  await anna.kinesis.send(new PutRecordCommand(record));
  await assert.rejects(read(anna.kinesis, { ShardIteratorType: 'TRIM_HORIZON' }), denied('user/anna'));

  const reader = new KinesisClient({ endpoint, region, credentials: lend({}) });
  assert.deepEqual(words(await read(reader, { ShardIteratorType: 'TRIM_HORIZON' })), ['one']);
  await assert.rejects(reader.send(new PutRecordCommand(record)), denied('assumed-role/reader/night'));
  assert.equal(assumed, 1);
  const Policy = policyOf({ Action: 'kinesis:GetShardIterator', Resource: '*' });
  const narrow = new KinesisClient({ endpoint, region, credentials: lend({ Policy }) });
  await assert.rejects(read(narrow, { ShardIteratorType: 'LATEST' }), {
    message: /because no session policy allows the kinesis:GetRecords action$/,
  });
  for (const client of [reader, narrow]) client.destroy();
});

function denied(who: string): { name: string; message: RegExp } {
  return {
    name: 'AccessDeniedException',
    message: new RegExp(`:${who} is not authorized to perform: kinesis:`),
  };
}

function policyOf(statement: object): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
}

async function newUser(iam: IAMClient, UserName: string, Action: string): Promise<Key> {
  await iam.send(new CreateUserCommand({ UserName }));
  const PolicyDocument = policyOf({ Action, Resource: '*' });
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'all', PolicyDocument }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  return { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
}

async function newRole(iam: IAMClient, RoleName: string, trusted: string, Action: string): Promise<string> {
  const AssumeRolePolicyDocument = policyOf({ Action: 'sts:AssumeRole', Principal: { AWS: trusted } });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  const PolicyDocument = policyOf({ Action, Resource: '*' });
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'all', PolicyDocument }));
  return Role!.Arn!;
}

const StreamName = 'orders';
const first = 'shardId-000000000000';

async function work(protocol: string, options: { requestHandler?: NodeHttpHandler }): Promise<void> {
  await using server = await startGuardedServer();
  await using tap = await tapWire(server.url);
  const { region, credentials } = server;
  const client = new KinesisClient({ endpoint: tap.url, region, credentials, ...options });

  await create(client);
  await put(client);
  await readFiveWays(client);
  await subscribe(client);
  await reshard(client);
  await retain(client);
  await tag(client);
  await list(client);
  await remove(client);
  client.destroy();
  assert.deepEqual([...tap.heard], [protocol]);
}

async function create(client: KinesisClient): Promise<void> {
  await client.send(new CreateStreamCommand({ StreamName, ShardCount: 2, Tags: { team: 'shop' } }));
  await active(client);
  const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamName }));
  assert.equal(StreamDescription?.Shards?.length, 2);
  assert.equal(StreamDescription.StreamModeDetails?.StreamMode, 'PROVISIONED');
  assert.ok(StreamDescription.StreamCreationTimestamp instanceof Date);
}

async function active(client: KinesisClient): Promise<void> {
  await waitUntilStreamExists({ client, maxWaitTime: 10, minDelay: 0.05, maxDelay: 0.1 }, { StreamName });
}

async function put(client: KinesisClient): Promise<void> {
  const one = { StreamName, Data: Buffer.from('one'), PartitionKey: 'a', ExplicitHashKey: '0' };
  assert.equal((await client.send(new PutRecordCommand(one))).ShardId, first);
  const Records = ['two', 'three'].map((word) => ({
    Data: Buffer.from(word),
    PartitionKey: 'a',
    ExplicitHashKey: '0',
  }));
  const answer = await client.send(new PutRecordsCommand({ StreamName, Records }));
  assert.equal(answer.FailedRecordCount, 0);
  assert.deepEqual(
    answer.Records?.map(({ ShardId }) => ShardId),
    [first, first],
  );
}

async function readFiveWays(client: KinesisClient): Promise<void> {
  const latest = await iterator(client, { ShardIteratorType: 'LATEST' });
  const all = await read(client, { ShardIteratorType: 'TRIM_HORIZON' });
  assert.deepEqual(words(all), ['one', 'two', 'three']);
  const [one, two] = all.Records!;
  const from = { StartingSequenceNumber: two!.SequenceNumber };
  const at = await read(client, { ShardIteratorType: 'AT_SEQUENCE_NUMBER', ...from });
  assert.deepEqual(words(at), ['two', 'three']);
  const after = await read(client, { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', ...from });
  assert.deepEqual(words(after), ['three']);
  const Timestamp = one!.ApproximateArrivalTimestamp;
  const since = await read(client, { ShardIteratorType: 'AT_TIMESTAMP', Timestamp });
  assert.deepEqual(words(since), ['one', 'two', 'three']);

  const four = { StreamName, Data: Buffer.from('four'), PartitionKey: 'a', ExplicitHashKey: '0' };
  await client.send(new PutRecordCommand(four));
  const tip = await client.send(new GetRecordsCommand({ ShardIterator: latest }));
  assert.deepEqual(words(tip), ['four']);
  assert.equal(tip.MillisBehindLatest, 0);
}

type Start = Pick<GetShardIteratorCommandInput, 'ShardIteratorType' | 'StartingSequenceNumber' | 'Timestamp'>;

async function iterator(client: KinesisClient, start: Start): Promise<string | undefined> {
  const command = new GetShardIteratorCommand({ StreamName, ShardId: first, ...start });
  return (await client.send(command)).ShardIterator;
}

async function read(client: KinesisClient, start: Start): Promise<GetRecordsCommandOutput> {
  const ShardIterator = await iterator(client, start);
  return await client.send(new GetRecordsCommand({ ShardIterator }));
}

function words({ Records = [] }: Pick<GetRecordsCommandOutput, 'Records'>): string[] {
  return Records.map(({ Data }) => Buffer.from(Data!).toString());
}

/** Enhanced fan-out: records come as events, over a stream that goes on until it is left. */
async function subscribe(client: KinesisClient): Promise<void> {
  const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamName }));
  const name = { StreamARN: StreamDescription!.StreamARN, ConsumerName: 'billing' };
  const { Consumer } = await client.send(new RegisterStreamConsumerCommand(name));
  const status = async () => {
    const { ConsumerDescription } = await client.send(new DescribeStreamConsumerCommand(name));
    return ConsumerDescription?.ConsumerStatus;
  };
  while ((await status()) !== 'ACTIVE') await sleep(20);

  const StartingPosition = { Type: 'TRIM_HORIZON' } as const;
  const where = { ConsumerARN: Consumer!.ConsumerARN, ShardId: first, StartingPosition };
  const { EventStream } = await client.send(new SubscribeToShardCommand(where));
  const heard: string[] = [];
  for await (const { SubscribeToShardEvent } of EventStream!) {
    heard.push(...words({ Records: SubscribeToShardEvent?.Records }));
    if (heard.length === 4) break;
  }
  assert.deepEqual(heard, ['one', 'two', 'three', 'four']);
  await client.send(new DeregisterStreamConsumerCommand(name));
}

async function reshard(client: KinesisClient): Promise<void> {
  const quarter = String(2n ** 126n);
  await client.send(new SplitShardCommand({ StreamName, ShardToSplit: first, NewStartingHashKey: quarter }));
  await active(client);
  const parent = await read(client, { ShardIteratorType: 'LATEST' });
  assert.equal(parent.NextShardIterator, undefined);
  assert.deepEqual(
    parent.ChildShards?.map(({ ShardId }) => indexOf(ShardId)),
    [2, 3],
  );
  assert.deepEqual(await shards(client, 'AT_LATEST'), [1, 2, 3]);
  assert.deepEqual(await shards(client, 'FROM_TRIM_HORIZON'), [0, 1, 2, 3]);
  assert.deepEqual(await shards(client, 'AFTER_SHARD_ID', first), [1, 2, 3]);

  const [ShardToMerge, AdjacentShardToMerge] = parent.ChildShards!.map(({ ShardId }) => ShardId);
  await client.send(new MergeShardsCommand({ StreamName, ShardToMerge, AdjacentShardToMerge }));
  await active(client);
  assert.deepEqual(await shards(client, 'AT_LATEST'), [1, 4]);

  const scale = { StreamName, TargetShardCount: 4, ScalingType: 'UNIFORM_SCALING' } as const;
  assert.equal((await client.send(new UpdateShardCountCommand(scale))).CurrentShardCount, 2);
  await active(client);
  const { StreamDescriptionSummary } = await client.send(new DescribeStreamSummaryCommand({ StreamName }));
  assert.equal(StreamDescriptionSummary?.OpenShardCount, 4);
}

/** The shards' indices, two to a page. */
async function shards(client: KinesisClient, Type: ShardFilterType, ShardId?: string): Promise<number[]> {
  const found: number[] = [];
  let NextToken: string | undefined;
  do {
    const query = NextToken === undefined ? { StreamName, ShardFilter: { Type, ShardId } } : { NextToken };
    const page = await client.send(new ListShardsCommand({ ...query, MaxResults: 2 }));
    found.push(...page.Shards!.map((shard) => indexOf(shard.ShardId)));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return found;
}

function indexOf(shardId: string | undefined): number {
  return Number(shardId?.slice(-12));
}

async function retain(client: KinesisClient): Promise<void> {
  const hours = async () => {
    const { StreamDescriptionSummary } = await client.send(new DescribeStreamSummaryCommand({ StreamName }));
    return StreamDescriptionSummary?.RetentionPeriodHours;
  };
  await client.send(new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 72 }));
  assert.equal(await hours(), 72);
  await client.send(new DecreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 48 }));
  assert.equal(await hours(), 48);
}

async function tag(client: KinesisClient): Promise<void> {
  await client.send(new AddTagsToStreamCommand({ StreamName, Tags: { stage: 'test' } }));
  await client.send(new RemoveTagsFromStreamCommand({ StreamName, TagKeys: ['team'] }));
  const { Tags } = await client.send(new ListTagsForStreamCommand({ StreamName }));
  assert.deepEqual(Tags, [{ Key: 'stage', Value: 'test' }]);
}

async function list(client: KinesisClient): Promise<void> {
  await client.send(new CreateStreamCommand({ StreamName: 'invoices', ShardCount: 1 }));
  const names: string[] = [];
  for await (const page of paginateListStreams({ client, pageSize: 1 }, {})) names.push(...page.StreamNames!);
  assert.deepEqual(names, ['invoices', StreamName]);
}

async function remove(client: KinesisClient): Promise<void> {
  await client.send(new DeleteStreamCommand({ StreamName }));
  await waitUntilStreamNotExists({ client, maxWaitTime: 10, minDelay: 0.05, maxDelay: 0.1 }, { StreamName });
  await assert.rejects(client.send(new DescribeStreamCommand({ StreamName })), {
    name: 'ResourceNotFoundException',
    message: 'Stream orders under account 000000000000 not found.',
  });
}
