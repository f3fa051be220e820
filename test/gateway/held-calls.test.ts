import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Member } from '../../src/cluster/members.ts';
import { HeldCalls } from '../../src/gateway/held-calls.ts';
import { UnavailableError } from '../../src/log/log.ts';
import { settled } from '../services/kinesis/manual-clock.ts';
import { TestCluster, TestDuty, type TestGateway } from './test-cluster.ts';

// DynamoDB's tables are in one gateway at a time; each takes calls for them.

const table = {
  TableName: 'table',
  KeySchema: [{ AttributeName: 'k', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'k', AttributeType: 'S' }],
  BillingMode: 'PAY_PER_REQUEST',
};
const item = { TableName: 'table', Item: { k: { S: 'a' }, n: { N: '1' } } };
const key = { TableName: 'table', Key: { k: { S: 'a' } }, ConsistentRead: true };

async function active({ client }: TestGateway): Promise<void> {
  for (;;) {
    const described = await client.dynamodb('DescribeTable', { TableName: 'table' });
    if (JSON.stringify(described.body).includes('"TableStatus":"ACTIVE"')) return;
    await settled();
  }
}

test('calls for tables are carried out by their holder, whichever gateway is asked', async () => {
  await using cluster = await TestCluster.of(3, { limits: 'none' });
  const [one, holder, other] = cluster.gateways as [TestGateway, TestGateway, TestGateway];
  cluster.tables.give(holder.member);
  const { status, body } = await one.client.dynamodb('CreateTable', table);
  assert.equal(status, 200, JSON.stringify(body));
  await active(one);
  assert.equal((await other.client.dynamodb('PutItem', item)).status, 200);
  for (const { client } of cluster.gateways) {
    assert.deepEqual((await client.dynamodb('GetItem', key)).body, { Item: item.Item });
  }
  assert.equal(cluster.refreshes, 1);
});

test('while nobody holds the tables, and when the holder goes, callers are told to try again', async () => {
  await using cluster = await TestCluster.of(3, { limits: 'none' });
  const [one, holder] = cluster.gateways as [TestGateway, TestGateway];
  const isRefused = async () => {
    const { status, body } = await one.client.dynamodb('ListTables', {});
    assert.equal(status, 500);
    assert.match((body as { __type: string }).__type, /#?Internal/);
  };
  await isRefused();
  cluster.tables.give(holder.member);
  assert.equal((await one.client.dynamodb('ListTables', {})).status, 200);
  cluster.network.pause(holder.member.id);
  const asked = isRefused();
  await settled();
  holder.kill();
  await asked;
  await isRefused();
  cluster.tables.give(one.member);
  assert.equal((await one.client.dynamodb('ListTables', {})).status, 200);
});

test('a call goes no further than to whom it was forwarded', async () => {
  await using cluster = await TestCluster.of(2, { limits: 'none' });
  const [one, other] = cluster.gateways as [TestGateway, TestGateway];
  cluster.tables.give(other.member);
  assert.equal((await one.client.dynamodb('ListTables', {})).status, 200);
  cluster.network.pause(other.member.id);
  const asked = one.client.dynamodb('ListTables', {});
  for (let turn = 0; turn < 20; turn++) await settled();
  // It is on its way when the duty comes to the one who was asked.
  cluster.tables.give(one.member);
  cluster.network.resume(other.member.id);
  assert.equal((await asked).status, 500);
});

const self: Member = { id: 'one', address: 'one:1', rack: '' };
const answer = { status: 200, headers: {}, body: '' };
const call = {
  ...{ service: 'dynamodb', protocol: 'awsJson1_0', called: { operation: 'GetItem' }, requestId: '' },
  ...{ peer: { address: '', secure: false, listener: '' }, rawHeaders: [] },
  caller: {
    ...{ account: '', region: '', arn: '', userId: '', accessKeyId: '' },
    principal: { kind: 'anyone' } as const,
  },
};
const alone = { linkTo: () => undefined };

test('what was read is not answered when the duty has passed meanwhile, not even when it came back', async () => {
  const duty = new TestDuty();
  duty.give(self);
  const held = new HeldCalls(duty.as(self), alone, async () => {});
  for (const next of [undefined, self]) {
    duty.give(self);
    const here = async () => {
      duty.give(next);
      return answer;
    };
    await assert.rejects(held.call(here, call, Buffer.alloc(0)), UnavailableError);
  }
});

test('a holder brings its state up to date once in each term, and answers nothing before', async () => {
  const duty = new TestDuty();
  const steps: string[] = [];
  let fails = false;
  const held = new HeldCalls(duty.as(self), alone, async () => {
    steps.push('refresh');
    await settled();
    if (fails) throw new UnavailableError('no broker answers');
    steps.push('refreshed');
  });
  const here = async () => {
    steps.push('call');
    return answer;
  };
  const ask = () => held.call(here, call, Buffer.alloc(0));
  duty.give(self);
  await Promise.all([ask(), ask()]);
  await ask();
  assert.deepEqual(steps.splice(0), ['refresh', 'refreshed', 'call', 'call', 'call']);
  duty.give(self);
  fails = true;
  await assert.rejects(ask(), UnavailableError);
  fails = false;
  await ask();
  assert.deepEqual(steps, ['refresh', 'refresh', 'refreshed', 'call']);
});
