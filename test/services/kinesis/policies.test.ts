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

  async call(accessKeyId: 'SHOP' | 'BANK', operation: string, input: object): Promise<Body> {
    const request = await sign({
      accessKeyId,
      key: { secretAccessKey: `the secret of the ${accessKeyId.toLowerCase()}` },
      headers: {
        host: 'localhost',
        'content-type': jsonType,
        'x-amz-target': `Kinesis_20131202.${operation}`,
      },
      body: JSON.stringify(input),
      at: this.#server.clock.now(),
    });
    const { body } = await this.#server.send(request);
    return body.length === 0 ? {} : JSON.parse(String(body));
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
