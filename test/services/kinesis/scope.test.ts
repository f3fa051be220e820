import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operations } from '../../../src/services/kinesis/operations.ts';
import { changedTokens, type Foreign, foreignArns, foreignChannels, foreignKeys } from './foreign.ts';
import {
  china,
  consumerArnOf,
  east,
  policyOf,
  type Scope,
  ScopeWorld,
  stranger,
  streamArnOf,
  toBucket,
  west,
} from './scope-world.ts';
import { naming, type ScopedMember, scopedMembers } from './scoped-member.ts';

// Every operation, and every member of its request that says a region: whatever is not of the region and the
// account that the signature names, and not spelled in the one way there is, is refused and changes nothing.

const entry = { Data: 'YQ==', PartitionKey: 'k' };
const position = { ShardId: '0', ShardIteratorType: 'TRIM_HORIZON' };

/** What else is in a request, so that it would be carried out. */
const others: Readonly<Record<string, object>> = {
  DeleteStream: { EnforceConsumerDeletion: true },
  PutRecord: entry,
  PutRecords: { Records: [entry] },
  GetShardIterator: position,
  RegisterStreamConsumer: { ConsumerName: 'new' },
  SubscribeToShard: { ShardId: '0', StartingPosition: { Type: 'LATEST' } },
  SplitShard: { ShardToSplit: '0', NewStartingHashKey: '1000' },
  MergeShards: { ShardToMerge: '0', AdjacentShardToMerge: '1' },
  UpdateShardCount: { TargetShardCount: 3, ScalingType: 'UNIFORM_SCALING' },
  UpdateStreamMode: { StreamModeDetails: { StreamMode: 'ON_DEMAND' } },
  UpdateStreamWarmThroughput: { WarmThroughputMiBps: 8 },
  UpdateStreamRecordDistributionStrategy: { RecordDistributionStrategy: 'AUTO' },
  UpdateMaxRecordSize: { MaxRecordSizeInKiB: 2048 },
  IncreaseStreamRetentionPeriod: { RetentionPeriodHours: 72 },
  DecreaseStreamRetentionPeriod: { RetentionPeriodHours: 24 },
  EnableEnhancedMonitoring: { ShardLevelMetrics: ['ALL'] },
  DisableEnhancedMonitoring: { ShardLevelMetrics: ['ALL'] },
  StartStreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' },
  StopStreamEncryption: { EncryptionType: 'KMS', KeyId: 'k' },
  AddTagsToStream: { Tags: { more: 'v' } },
  RemoveTagsFromStream: { TagKeys: ['k'] },
  TagResource: { Tags: { more: 'v' } },
  UntagResource: { TagKeys: ['k'] },
  CreateChannel: { ...toBucket(east), ChannelName: 'new' },
  UpdateChannel: { S3DestinationConfiguration: { DataFreshnessInSeconds: 600 } },
};

const elastic: ReadonlySet<string> = new Set([
  'CreateChannel',
  'UpdateStreamWarmThroughput',
  'UpdateStreamRecordDistributionStrategy',
]);

/**
 * A request that would be carried out but for one member, its own value, and those that must be refused in
 * its place.
 */
type Case = {
  readonly operation: string;
  readonly member: string;
  readonly rest: object;
  readonly own: string;
  readonly foreign: readonly Foreign[];
};

async function casesOf(world: ScopeWorld, operation: string): Promise<Case[]> {
  const cases: Case[] = [];
  for (const member of scopedMembers(operations.get(operation)!.input)) {
    for (const [own, foreign] of await valuesOf(world, operation, member)) {
      const rest = await restOf(world, operation, member.name, own);
      cases.push({ operation, member: member.name, rest, own, foreign });
    }
  }
  return cases;
}

/** The values that a member may have, each with those that are like it and must be refused. */
async function valuesOf(
  world: ScopeWorld,
  operation: string,
  { name, kind }: ScopedMember,
): Promise<[own: string, foreign: Foreign[]][]> {
  const stream = streamArnOf(east, streamOf(operation));
  const consumer = consumerArnOf(east, streamOf(operation));
  const ofOtherKind = (value: string): Foreign => ({
    what: 'an ARN of the other kind',
    value,
    errors: ['InvalidArgumentException', 'ValidationException'],
  });
  switch (kind) {
    case 'stream':
      return [[stream, [...foreignArns(stream), ofOtherKind(consumer)].map(asToldBy(operation))]];
    case 'consumer':
      return [[consumer, [...foreignArns(consumer), ofOtherKind(stream)]]];
    case 'channel':
      return [[world.channelArnOf(east), foreignChannels(world.channelArnOf(east))]];
    case 'resource':
      return [
        ...[stream, consumer].map((own): [string, Foreign[]] => [own, foreignArns(own)]),
        ...(operation.includes('Policy') ? [] : [channelOf(world)]),
      ];
    case 'key':
      return [['arn:aws:kms:us-east-1:000000000000:alias/aws/kinesis', foreignKeys()]];
    case 'token': {
      const own = await issue(world, east, operation, name);
      return [[own, [...changedTokens(own), ...(await foreignTokens(world, operation, name))]]];
    }
  }
}

/** A channel as a resource; it has no policy. */
function channelOf(world: ScopeWorld): [own: string, foreign: Foreign[]] {
  const own = world.channelArnOf(east);
  // What is no channel is an ARN of something else that may be a resource.
  return [own, foreignChannels(own).filter(({ what }) => !what.startsWith('a '))];
}

/** An ARN beside an iterator is compared with it, not looked up. */
function asToldBy(operation: string): (foreign: Foreign) => Foreign {
  if (operation !== 'GetRecords') return (foreign) => foreign;
  return ({ errors, ...foreign }) => ({ ...foreign, errors: [...errors, 'InvalidArgumentException'] });
}

/** The tokens of the same operation elsewhere, and those of other operations. */
async function foreignTokens(world: ScopeWorld, operation: string, member: string): Promise<Foreign[]> {
  const errors = ['InvalidArgumentException'];
  const found: Foreign[] = [];
  for (const scope of world.scopes.filter((each) => each !== east)) {
    const value = await issue(world, scope, operation, member);
    const ofIterator = member === 'ShardIterator' && scope === stranger ? ['AccessDeniedException'] : errors;
    found.push({ what: `a token of ${scope.region}, ${scope.account}`, value, errors: ofIterator });
  }
  for (const issuer of Object.keys(issuers).filter((key) => key !== `${operation}.${member}`)) {
    const [other, ofMember] = issuer.split('.');
    const value = await issue(world, east, other!, ofMember!);
    found.push({ what: `the token of ${issuer}`, value, errors });
  }
  return found;
}

/**
 * The calls that issue a token, and the member that it is in. One that is not here fails the test of its
 * operation.
 */
const issuers: Readonly<
  Record<string, readonly [operation: string, input: (stream: string) => object, member: string]>
> = {
  'ListStreams.NextToken': ['ListStreams', () => ({ Limit: 1 }), 'NextToken'],
  'ListShards.NextToken': ['ListShards', (StreamARN) => ({ StreamARN, MaxResults: 1 }), 'NextToken'],
  'ListStreamConsumers.NextToken': [
    'ListStreamConsumers',
    (StreamARN) => ({ StreamARN, MaxResults: 1 }),
    'NextToken',
  ],
  'ListChannels.NextToken': ['ListChannels', () => ({ MaxResults: 1 }), 'NextToken'],
  'GetRecords.ShardIterator': [
    'GetShardIterator',
    (StreamARN) => ({ StreamARN, ...position }),
    'ShardIterator',
  ],
};

async function issue(world: ScopeWorld, scope: Scope, operation: string, member: string): Promise<string> {
  const issuer = issuers[`${operation}.${member}`];
  assert.ok(issuer, `this test has no issuer of ${member} of ${operation}`);
  const [name, input, output] = issuer;
  const answer = await world.call<Record<string, string>>(scope, name, input(streamArnOf(scope, 'present')));
  return answer[output]!;
}

function streamOf(operation: string): string {
  return elastic.has(operation) ? 'elastic' : 'present';
}

/** The other members of a request that names its subject by this one. */
async function restOf(world: ScopeWorld, operation: string, member: string, own: string): Promise<object> {
  const StreamARN = streamArnOf(east, streamOf(operation));
  const rest = others[operation] ?? {};
  if (operation === 'GetRecords' && member === 'StreamARN') {
    return { ShardIterator: await issue(world, east, 'GetRecords', 'ShardIterator') };
  }
  if (operation === 'PutResourcePolicy') return { Policy: policyOf(own) };
  if (/^De\w+StreamConsumer$/.test(operation) && member === 'StreamARN') return { ConsumerName: 'c' };
  if (operation === 'ListStreamConsumers' && member === 'NextToken') return { StreamARN };
  return member === 'KeyId' ? { ...rest, StreamARN } : rest;
}

for (const guarded of [false, true]) {
  const how = guarded ? 'with credentials' : 'without credentials';

  test(`no operation takes a name of another scope or spelling, and none changes anything, ${how}`, async () => {
    await using world = await ScopeWorld.start(guarded);
    const before = await world.state();
    let refused = 0;
    for (const name of operations.keys()) {
      const cases = await casesOf(world, name);
      for (const { member, rest, foreign } of cases) {
        for (const { what, value, errors } of foreign) {
          const { status, body } = await world.answer(east, name, {
            ...rest,
            [member]: naming(member, value),
          });
          const said = `${name} by ${member}: ${what}: ${status} ${JSON.stringify(body)}`;
          assert.equal(status, 400, said);
          assert.ok(errors.includes((body as { __type: string }).__type), said);
          refused += 1;
        }
      }
      if (cases.length > 0) assert.deepEqual(await world.state(), before, name);
    }
    assert.ok(refused > 1000, `only ${refused} requests were refused`);
  });
}

for (const name of operations.keys()) {
  if (scopedMembers(operations.get(name)!.input).length === 0) continue;
  // Only a channel that is ACTIVE is changed, and there is no store of objects in these worlds.
  if (name === 'UpdateChannel') continue;

  test(`${name} would have done it for a name of the caller's own`, async () => {
    await using probe = await ScopeWorld.start(false, [east, west]);
    for (const { member, rest, own } of await casesOf(probe, name)) {
      await using world = await ScopeWorld.start(false, [east]);
      const value = /ARN$|List$|^KeyId$/.test(member) ? own : await issue(world, east, name, member);
      const iterator = 'ShardIterator' in rest && {
        ShardIterator: await issue(world, east, name, 'ShardIterator'),
      };
      const named = { [member]: naming(member, value) };
      const { status, body } = await world.answer(east, name, { ...rest, ...iterator, ...named });
      assert.equal(status, 200, `${member}: ${JSON.stringify(body)}`);
    }
  });
}

test('a name of another region is answered as that of a stream that is not there', async () => {
  await using world = await ScopeWorld.start(false, [west]);
  let compared = 0;
  for (const name of operations.keys()) {
    const members = scopedMembers(operations.get(name)!.input);
    for (const { name: member } of members.filter(({ kind }) =>
      /stream|consumer|channel|resource/.test(kind),
    )) {
      if (name === 'GetRecords') continue;
      const elsewhere =
        member === 'ChannelARN'
          ? world.channelArnOf(west)
          : member === 'ConsumerARN'
            ? consumerArnOf(west, 'present')
            : streamArnOf(west, 'present');
      const here = elsewhere.replace('us-west-2', 'us-east-1');
      const rest = await restOf(world, name, member, here);
      const missing = await world.answer(east, name, { ...rest, [member]: naming(member, here) });
      const foreign = await world.answer(east, name, { ...rest, [member]: naming(member, elsewhere) });
      assert.equal((missing.body as { __type: string }).__type, 'ResourceNotFoundException', name);
      const { message, ...error } = foreign.body as { message: string };
      const body = { ...error, message: message.replace('us-west-2', 'us-east-1') };
      assert.deepEqual({ ...foreign, body }, missing, `${name} by ${member}`);
      compared += 1;
    }
  }
  assert.ok(compared > 30, `only ${compared} answers were compared`);
});

test('in a region of another partition, ARNs are of that partition, and only those are taken', async () => {
  await using world = await ScopeWorld.start(false, [east, china]);
  const { StreamDescriptionSummary: summary } = await world.call<{ StreamDescriptionSummary: object }>(
    china,
    'DescribeStreamSummary',
    { StreamName: 'present' },
  );
  const StreamARN = 'arn:aws-cn:kinesis:cn-north-1:000000000000:stream/present';
  assert.equal((summary as { StreamARN: string }).StreamARN, StreamARN);
  const { Consumers } = await world.call<{ Consumers: { ConsumerARN: string }[] }>(
    china,
    'ListStreamConsumers',
    {
      StreamARN,
    },
  );
  assert.equal(Consumers[0]!.ConsumerARN, `${StreamARN}/consumer/c:1700000000`);
  const { body } = await world.answer(china, 'DescribeStream', {
    StreamARN: StreamARN.replace('arn:aws-cn:', 'arn:aws:'),
  });
  assert.equal((body as { __type: string }).__type, 'InvalidArgumentException');
});
