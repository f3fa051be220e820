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

const users = {
  shop: { accessKeyId: 'SHOP', key: { secretAccessKey: 'the secret of the shop' } },
  bank: { accessKeyId: 'BANK', key: { secretAccessKey: 'the secret of the bank' } },
};

type User = keyof typeof users;

/** A server with users of two accounts. */
function start(): Promise<Harness> {
  return Harness.startFor(profiles, { limits: 'aws' });
}

type Body = { readonly __type?: string; readonly message?: string } & Readonly<Record<string, unknown>>;

async function call(server: Harness, user: User, operation: string, input: object): Promise<Body> {
  const request = await sign({
    ...users[user],
    headers: {
      host: 'localhost',
      'content-type': jsonType,
      'x-amz-target': `Kinesis_20131202.${operation}`,
    },
    body: JSON.stringify(input),
    at: server.clock.now(),
  });
  const { body } = await server.send(request);
  return body.length === 0 ? {} : JSON.parse(String(body));
}

const StreamName = 'orders';
const arnOf = (account: string) => `arn:aws:kinesis:us-east-1:${account}:stream/orders`;

test('two accounts have streams of the same name, and each its own records', async () => {
  await using server = await start();
  for (const user of ['shop', 'bank'] as const) {
    assert.deepEqual(await call(server, user, 'CreateStream', { StreamName, ShardCount: 1 }), {});
  }
  await server.clock.advance(1000);
  await call(server, 'shop', 'PutRecord', { StreamName, Data: 'YQ==', PartitionKey: 'k' });
  const from = { StreamName, ShardId: '0', ShardIteratorType: 'TRIM_HORIZON' };
  const read = async (user: User) => {
    const { ShardIterator } = await call(server, user, 'GetShardIterator', from);
    const { Records } = await call(server, user, 'GetRecords', { ShardIterator });
    return (Records as unknown[]).length;
  };
  assert.equal(await read('shop'), 1);
  assert.equal(await read('bank'), 0);
  const { StreamDescriptionSummary } = await call(server, 'bank', 'DescribeStreamSummary', { StreamName });
  assert.equal((StreamDescriptionSummary as Body)['StreamARN'], arnOf('222222222222'));
  assert.deepEqual((await call(server, 'bank', 'DescribeLimits', {}))['OpenShardCount'], 1);
});

test("one account's streams are closed to the other, by ARN, by iterator and by page token", async () => {
  await using server = await start();
  await call(server, 'shop', 'CreateStream', { StreamName, ShardCount: 2 });
  await server.clock.advance(1000);
  const refused = async (operation: string, input: object) => {
    const { __type, message } = await call(server, 'bank', operation, input);
    assert.equal(__type, 'AccessDeniedException', operation);
    assert.match(
      message!,
      /^User: arn:aws:iam::222222222222:user\/bank is not authorized to perform: kinesis:/,
    );
  };
  await refused('DescribeStream', { StreamARN: arnOf('111111111111') });
  await refused('ListTagsForResource', { ResourceARN: arnOf('111111111111') });
  const from = { StreamName, ShardId: '0', ShardIteratorType: 'TRIM_HORIZON' };
  const { ShardIterator } = await call(server, 'shop', 'GetShardIterator', from);
  await refused('GetRecords', { ShardIterator });
  const { NextToken } = await call(server, 'shop', 'ListShards', { StreamName, MaxResults: 1 });
  assert.deepEqual(await call(server, 'bank', 'ListShards', { NextToken }), {
    __type: 'InvalidArgumentException',
    message: 'Invalid NextToken.',
  });
});

test('each account has its own rates of calls and its own commitment', async () => {
  await using server = await start();
  const limits = (user: User) => call(server, user, 'DescribeLimits', {});
  assert.equal((await limits('shop')).__type, undefined);
  assert.equal((await limits('shop')).message, 'Rate exceeded for account 111111111111.');
  assert.equal((await limits('bank')).__type, undefined);
  await call(server, 'shop', 'UpdateAccountSettings', {
    MinimumThroughputBillingCommitment: { Status: 'ENABLED' },
  });
  assert.deepEqual(await call(server, 'bank', 'DescribeAccountSettings', {}), {
    MinimumThroughputBillingCommitment: { Status: 'DISABLED' },
  });
});
