import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sign } from '../../access/sigv4/signer.ts';
import { Harness, jsonType } from './harness.ts';

const profiles = `
[shop]
aws_access_key_id = SHOP
aws_secret_access_key = the secret of the shop
aws_account_id = 111111111111
[bank]
aws_access_key_id = BANK
aws_secret_access_key = the secret of the bank
aws_account_id = 222222222222
`;

type Body = { readonly __type?: string; readonly message?: string } & Readonly<Record<string, unknown>>;

/** A server with two accounts, the streams of the first of which are shared with the second as tests like. */
class Shared implements AsyncDisposable {
  readonly #server: Harness;
  /** The secrets of users that were made, by access key. */
  readonly #secrets = new Map([
    ['SHOP', 'the secret of the shop'],
    ['BANK', 'the secret of the bank'],
  ]);

  private constructor(server: Harness) {
    this.#server = server;
  }

  static async start(...streams: readonly string[]): Promise<Shared> {
    const shared = new Shared(await Harness.startFor(profiles, { limits: 'none' }));
    for (const StreamName of streams)
      await shared.call('SHOP', 'CreateStream', { StreamName, ShardCount: 1 });
    await shared.#server.clock.advance(100);
    return shared;
  }

  async call(accessKeyId: string, operation: string, input: object): Promise<Body> {
    const headers = { 'content-type': jsonType, 'x-amz-target': `Kinesis_20131202.${operation}` };
    const answered = await this.#send(accessKeyId, 'kinesis', headers, JSON.stringify(input));
    return answered === '' ? {} : JSON.parse(answered);
  }

  /** The shop calls IAM, which must succeed. Answers XML. */
  async iam(Action: string, input: Readonly<Record<string, string>>): Promise<string> {
    const body = String(new URLSearchParams({ Action, Version: '2010-05-08', ...input }));
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answered = await this.#send('SHOP', 'iam', headers, body);
    assert.match(answered, new RegExp(`^<${Action}Response`), answered);
    return answered;
  }

  /** Makes a user of the shop's account. Answers its access key. */
  async user(UserName: string): Promise<string> {
    await this.iam('CreateUser', { UserName });
    const made = await this.iam('CreateAccessKey', { UserName });
    const partOf = (name: string) => new RegExp(`<${name}>([^<]+)<`).exec(made)![1]!;
    this.#secrets.set(partOf('AccessKeyId'), partOf('SecretAccessKey'));
    return partOf('AccessKeyId');
  }

  async #send(accessKeyId: string, service: string, headers: Record<string, string>, body: string) {
    const request = await sign({
      ...{ accessKeyId, service, body, key: { secretAccessKey: this.#secrets.get(accessKeyId)! } },
      headers: { host: 'localhost', ...headers },
      at: this.#server.clock.now(),
    });
    return String((await this.#server.send(request)).body);
  }

  /** What a user is told when it may not; `allowed` when it may, whatever else is wrong. */
  async may(accessKeyId: string, operation: string, input: object): Promise<string> {
    const { __type, message } = await this.call(accessKeyId, operation, input);
    return __type === 'AccessDeniedException' ? message! : 'allowed';
  }

  /** What the bank is told when it may not; `allowed` when it may, whatever else is wrong. */
  async bank(operation: string, input: object): Promise<string> {
    const { __type, message } = await this.call('BANK', operation, input);
    return __type === 'AccessDeniedException'
      ? message!.slice(message!.indexOf(' on resource: ') + 14)
      : 'allowed';
  }

  async policy(ResourceARN: string, ...Statement: readonly object[]): Promise<void> {
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
    assert.deepEqual(await this.call('SHOP', 'PutResourcePolicy', { ResourceARN, Policy }), {});
  }

  settle(): Promise<void> {
    return this.#server.clock.advance(1000);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#server[Symbol.asyncDispose]();
  }
}

const arnOf = (stream: string) => `arn:aws:kinesis:us-east-1:111111111111:stream/${stream}`;
const bank = { AWS: 'arn:aws:iam::222222222222:root' };
const grant = (Action: unknown, Resource: string, rest = {}) => ({
  ...{ Effect: 'Allow', Principal: bank, Action, Resource },
  ...rest,
});
const from = { ShardId: '0', ShardIteratorType: 'TRIM_HORIZON' };

test("a stream's policy lets another account in, for what it names, until it is gone", async () => {
  await using world = await Shared.start('orders');
  const StreamARN = arnOf('orders');
  const record = { StreamARN, Data: 'YQ==', PartitionKey: 'k' };
  assert.match(
    await world.bank('PutRecord', record),
    /because no resource-based policy allows the kinesis:PutRecord/,
  );
  await world.policy(StreamARN, grant('kinesis:Put*', StreamARN));
  assert.equal(await world.bank('PutRecord', record), 'allowed');
  const records = { StreamARN, Records: [{ Data: 'YQ==', PartitionKey: 'k' }] };
  assert.equal(await world.bank('PutRecords', records), 'allowed');
  assert.match(await world.bank('ListShards', { StreamARN }), /no resource-based policy allows/);
  await world.call('SHOP', 'DeleteResourcePolicy', { ResourceARN: StreamARN });
  assert.match(await world.bank('PutRecord', record), /no resource-based policy allows/);
});

test('a denial in the policy of a stream is for its owner, too, who can take it back', async () => {
  await using world = await Shared.start('orders');
  const StreamARN = arnOf('orders');
  await world.policy(StreamARN, { ...grant('kinesis:PutRecord', StreamARN), Effect: 'Deny', Principal: '*' });
  const record = { StreamName: 'orders', Data: 'YQ==', PartitionKey: 'k' };
  const { message } = await world.call('SHOP', 'PutRecord', record);
  assert.equal(
    message,
    `User: arn:aws:iam::111111111111:user/shop is not authorized to perform: kinesis:PutRecord on resource: ` +
      `${StreamARN} with an explicit deny in a resource-based policy`,
  );
  await world.call('SHOP', 'DeleteResourcePolicy', { ResourceARN: StreamARN });
  assert.equal((await world.call('SHOP', 'PutRecord', record)).__type, undefined);
});

test('a policy counts for records alone: by kinesis:* nothing is deleted, and its owner is not shut out', async () => {
  await using world = await Shared.start('orders');
  const StreamARN = arnOf('orders');
  for (const actions of [{ Action: '*' }, { Action: undefined, NotAction: 'kinesis:PutRecord' }]) {
    await world.policy(StreamARN, { ...grant('kinesis:*', StreamARN), ...actions });
    assert.equal(await world.bank('DescribeStream', { StreamARN }), 'allowed');
    for (const [operation, input] of [
      ['DeleteStream', { StreamARN }],
      ['DeleteResourcePolicy', { ResourceARN: StreamARN }],
      ['TagResource', { ResourceARN: StreamARN, Tags: { a: 'b' } }],
    ] as const) {
      assert.match(await world.bank(operation, input), /because no resource-based policy allows/, operation);
    }
  }
  await world.policy(StreamARN, { ...grant('*', StreamARN), Effect: 'Deny', Principal: '*' });
  assert.equal((await world.call('SHOP', 'DescribeStream', { StreamARN })).__type, 'AccessDeniedException');
  assert.deepEqual(await world.call('SHOP', 'DeleteResourcePolicy', { ResourceARN: StreamARN }), {});
});

test('GetRecords is allowed by the stream in its iterator, whatever stream the request names', async () => {
  await using world = await Shared.start('closed', 'open');
  const read = ['kinesis:GetRecords', 'kinesis:GetShardIterator'];
  for (const name of ['closed', 'open']) await world.policy(arnOf(name), grant(read, arnOf(name)));
  const iteratorOf = async (name: string) => {
    const { ShardIterator } = await world.call('BANK', 'GetShardIterator', {
      ...from,
      StreamARN: arnOf(name),
    });
    assert.equal(typeof ShardIterator, 'string');
    return ShardIterator;
  };
  const [closed, open] = [await iteratorOf('closed'), await iteratorOf('open')];
  await world.policy(arnOf('closed'), grant('kinesis:GetShardIterator', arnOf('closed')));
  assert.equal(await world.bank('GetRecords', { ShardIterator: open }), 'allowed');
  for (const named of [{}, { StreamARN: arnOf('open') }, { StreamARN: arnOf('closed') }]) {
    const told = await world.bank('GetRecords', { ShardIterator: closed, ...named });
    assert.ok(told.startsWith(`${arnOf('closed')} because no resource-based policy`), told);
  }
});

test("a consumer has a policy of its own, and another consumer's is not its", async () => {
  await using world = await Shared.start('orders');
  const arns: string[] = [];
  for (const ConsumerName of ['one', 'two']) {
    const made = await world.call('SHOP', 'RegisterStreamConsumer', {
      StreamARN: arnOf('orders'),
      ConsumerName,
    });
    arns.push((made['Consumer'] as { ConsumerARN: string }).ConsumerARN);
  }
  await world.settle();
  const [one, two] = arns as [string, string];
  await world.policy(arnOf('orders'), grant(['kinesis:GetRecords', 'kinesis:ListShards'], arnOf('orders')));
  await world.policy(one, grant('kinesis:DescribeStreamConsumer', one));
  assert.equal(await world.bank('DescribeStreamConsumer', { ConsumerARN: one }), 'allowed');
  assert.match(await world.bank('DescribeStreamConsumer', { ConsumerARN: two }), /no resource-based policy/);
  assert.match(
    await world.bank('SubscribeToShard', {
      ConsumerARN: one,
      ShardId: '0',
      StartingPosition: { Type: 'LATEST' },
    }),
    /no resource-based policy/,
  );
});

test("a stream's tags and the tags of a request are known to conditions", async () => {
  await using world = await Shared.start('orders');
  const StreamARN = arnOf('orders');
  const blue = { Condition: { StringEquals: { 'aws:ResourceTag/Team': 'blue' } } };
  await world.policy(StreamARN, grant('kinesis:ListShards', StreamARN, blue));
  assert.match(await world.bank('ListShards', { StreamARN }), /no resource-based policy/);
  await world.call('SHOP', 'TagResource', { ResourceARN: StreamARN, Tags: { team: 'blue' } });
  assert.equal(await world.bank('ListShards', { StreamARN }), 'allowed');
  await world.call('SHOP', 'RemoveTagsFromStream', { StreamARN, TagKeys: ['team'] });
  assert.match(await world.bank('ListShards', { StreamARN }), /no resource-based policy/);
});

test('a user may do what its policy says, from the next call on', async () => {
  await using world = await Shared.start('orders', 'others');
  const alice = await world.user('alice');
  const record = { StreamName: 'orders', Data: 'YQ==', PartitionKey: 'k' };
  const denied =
    'User: arn:aws:iam::111111111111:user/alice is not authorized to perform: kinesis:PutRecord on resource: ' +
    `${arnOf('orders')} because no identity-based policy allows the kinesis:PutRecord action`;
  assert.equal(await world.may(alice, 'PutRecord', record), denied);
  const policyNamed = (PolicyName: string, ...Statement: readonly object[]) =>
    world.iam('PutUserPolicy', {
      ...{ UserName: 'alice', PolicyName },
      PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
    });
  await policyNamed('puts', { Effect: 'Allow', Action: 'kinesis:Put*', Resource: arnOf('orders') });
  assert.equal(await world.may(alice, 'PutRecord', record), 'allowed');
  assert.match(await world.may(alice, 'PutRecord', { ...record, StreamName: 'others' }), /no identity-based/);
  const inTheClear = { Bool: { 'aws:SecureTransport': 'false' } };
  await policyNamed('no', { Effect: 'Deny', Action: '*', Resource: '*', Condition: inTheClear });
  assert.match(
    await world.may(alice, 'PutRecord', record),
    /with an explicit deny in an identity-based policy$/,
  );
  await world.iam('DeleteUserPolicy', { UserName: 'alice', PolicyName: 'no' });
  assert.equal(await world.may(alice, 'PutRecord', record), 'allowed');
  await world.iam('DeleteUserPolicy', { UserName: 'alice', PolicyName: 'puts' });
  assert.equal(await world.may(alice, 'PutRecord', record), denied);
});

test('to tag what is made takes the permission to tag, and conditions know the tags', async () => {
  await using world = await Shared.start();
  const alice = await world.user('alice');
  const allows = (Action: string | readonly string[], Condition = {}) =>
    world.iam('PutUserPolicy', {
      ...{ UserName: 'alice', PolicyName: 'all' },
      PolicyDocument: JSON.stringify({ Statement: { Effect: 'Allow', Action, Resource: '*', Condition } }),
    });
  const make = (StreamName: string, Tags?: Record<string, string>) =>
    world.may(alice, 'CreateStream', { StreamName, ShardCount: 1, ...(Tags && { Tags }) });
  await allows('kinesis:CreateStream');
  assert.equal(await make('plain'), 'allowed');
  assert.match(
    await make('tagged', { Team: 'blue' }),
    /perform: kinesis:AddTagsToStream on resource: \S+\/tagged /,
  );
  const onlyTeam = {
    StringEquals: { 'aws:RequestTag/team': ['blue', 'red'] },
    'ForAllValues:StringEquals': { 'aws:TagKeys': 'Team' },
  };
  await allows(['kinesis:CreateStream', 'kinesis:AddTagsToStream', 'kinesis:TagResource'], onlyTeam);
  assert.equal(await make('blue', { Team: 'blue' }), 'allowed');
  for (const tags of [{ Team: 'green' }, { Team: 'red', Cost: 'low' }, undefined]) {
    assert.match(
      await make('not', tags),
      /kinesis:CreateStream on resource: \S+\/not because no identity-based/,
    );
  }
  await world.settle();
  const tag = (operation: string, input: object) => world.may(alice, operation, input);
  const ResourceARN = arnOf('blue');
  assert.equal(await tag('TagResource', { ResourceARN, Tags: { Team: 'red' } }), 'allowed');
  assert.match(await tag('TagResource', { ResourceARN, Tags: { Cost: 'low' } }), /kinesis:TagResource on /);
  assert.match(
    await tag('AddTagsToStream', { StreamName: 'blue', Tags: { Team: 'x' } }),
    /:AddTagsToStream on /,
  );
});

test('to make a channel takes its stream twice, its role, and its tags; to see one, the channel', async () => {
  await using world = await Shared.start();
  await world.call('SHOP', 'CreateStream', { StreamName: 'elastic' });
  await world.settle();
  const alice = await world.user('alice');
  const role = 'arn:aws:iam::111111111111:role/delivers';
  const allows = (...Statement: readonly object[]) =>
    world.iam('PutUserPolicy', {
      ...{ UserName: 'alice', PolicyName: 'all' },
      PolicyDocument: JSON.stringify({ Statement }),
    });
  const allowed = (Action: string, Resource: string, Condition = {}) => ({
    ...{ Effect: 'Allow', Action, Resource, Condition },
  });
  const [StreamARN, Tags] = [arnOf('elastic'), { team: 'air' }];
  const StorageConfiguration = {
    ...{ BucketARN: 'arn:aws:s3:::bucket', ExpectedBucketOwner: '111111111111', CompressionType: 'NONE' },
  };
  const request = {
    ...{ ChannelName: 'to-bucket', ServiceExecutionRoleARN: role, Tags },
    StreamConfigurationList: [{ StreamARN, RecordConfiguration: { RecordFormatType: 'JSON' } }],
    S3DestinationConfiguration: { StorageConfiguration },
  };
  const passed = { StringEquals: { 'iam:PassedToService': 'kinesis.amazonaws.com' } };
  const all = [
    allowed('kinesis:CreateChannel', StreamARN),
    allowed('kinesis:AssociateStreamsWithChannel', StreamARN),
    allowed('iam:PassRole', role, passed),
    allowed('kinesis:TagResource', 'arn:aws:kinesis:us-east-1:111111111111:channel/*'),
  ];
  for (const [nth, { Action }] of all.entries()) {
    await allows(...all.toSpliced(nth, 1));
    assert.match(
      await world.may(alice, 'CreateChannel', request),
      new RegExp(`perform: ${Action} on resource`),
    );
  }
  const elsewhere = { StringEquals: { 'iam:PassedToService': 'firehose.amazonaws.com' } };
  await allows(...all.with(2, allowed('iam:PassRole', role, elsewhere)));
  assert.match(await world.may(alice, 'CreateChannel', request), /perform: iam:PassRole on resource/);
  await allows(...all);
  const { ChannelDescription } = await world.call(alice, 'CreateChannel', request);
  const { ChannelARN } = ChannelDescription as { ChannelARN: string };
  for (const operation of ['DescribeChannel', 'UpdateChannel', 'DeleteChannel']) {
    const told = await world.may(alice, operation, { ChannelARN });
    assert.ok(told.includes(`kinesis:${operation} on resource: ${ChannelARN} `), told);
  }
  await allows(allowed('kinesis:*', ChannelARN, { StringEquals: { 'aws:ResourceTag/team': 'air' } }));
  assert.equal(await world.may(alice, 'DescribeChannel', { ChannelARN }), 'allowed');
  assert.match(
    await world.may(alice, 'ListChannels', {}),
    /resource: arn:aws:kinesis:us-east-1:111111111111:stream\/\* /,
  );
  assert.match(await world.bank('DescribeChannel', { ChannelARN }), /no resource-based policy/);
});
