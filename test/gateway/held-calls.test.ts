import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Member } from '../../src/cluster/members.ts';
import { HeldCalls } from '../../src/gateway/held-calls.ts';
import { UnavailableError } from '../../src/log/log.ts';
import { ManualClock, settled } from '../services/kinesis/manual-clock.ts';
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

test('while nobody holds the tables calls for them wait, and the next holder carries them out', async () => {
  await using cluster = await TestCluster.of(3, { limits: 'none' });
  const [one, holder, other] = cluster.gateways as [TestGateway, TestGateway, TestGateway];
  cluster.tables.give(holder.member);
  assert.equal((await one.client.dynamodb('CreateTable', table)).status, 200);
  await active(one);
  holder.kill();
  await settled();
  const asked = [one, other].map(({ client }) => client.dynamodb('PutItem', item));
  await cluster.clock.advance(10_000);
  cluster.tables.give(undefined);
  await cluster.clock.advance(2_000);
  cluster.tables.give(one.member);
  for (const { status, body } of await Promise.all(asked)) assert.equal(status, 200, JSON.stringify(body));
});

test('a call that was sent to a holder that goes, and one that has waited for long, are to be tried again', async () => {
  await using cluster = await TestCluster.of(3, { limits: 'none' });
  const [one, holder] = cluster.gateways as [TestGateway, TestGateway];
  const isRefused = async () => {
    const { status, body } = await one.client.dynamodb('ListTables', {});
    assert.equal(status, 500);
    assert.match((body as { __type: string }).__type, /#?Internal/);
  };
  cluster.tables.give(holder.member);
  cluster.network.pause(holder.member.id);
  const sent = isRefused();
  await settled();
  holder.kill();
  await sent;
  const waits = isRefused();
  await cluster.clock.advance(13_000);
  await waits;
});

test('so many calls wait at most, and such large ones', async () => {
  const { clock } = alone;
  const held = new HeldCalls({ ...alone, duty: new TestDuty().as(self), refresh: async () => {} });
  const ask = (bytes: number) => held.call(async () => answer, call, Buffer.alloc(bytes));
  const refusal = async (asked: Promise<unknown>) => {
    const waits = settled().then(() => 'it waits');
    return await Promise.race([asked.catch((error: Error) => error.message), waits]);
  };
  const asked = Array.from({ length: 1_000 }, () => ask(0));
  const all = Promise.allSettled(asked);
  assert.match(String(await refusal(ask(0))), /Too many/);
  await clock.advance(13_000);
  for (const { status } of await all) assert.equal(status, 'rejected');
  const large = ask(64 * 1024 * 1024).catch((error: Error) => error.message);
  assert.match(String(await refusal(ask(1))), /Too many/);
  await clock.advance(13_000);
  assert.match(String(await large), /cannot be reached/);
});

test('a call waits for the connection to a holder that has just come', async () => {
  await using cluster = await TestCluster.of(1, { limits: 'none' });
  const [one] = cluster.gateways as [TestGateway];
  const late = await cluster.add('late');
  cluster.tables.give(late.member);
  assert.equal(one.peers.linkTo(late.member), undefined);
  let status = 0;
  const asked = one.client.dynamodb('ListTables', {}).then((answered) => {
    status = answered.status;
  });
  await cluster.connected();
  await cluster.clock.advance(200);
  for (let turn = 0; turn < 1_000 && status === 0; turn++) await settled();
  assert.equal(status, 200);
  await asked;
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
const alone = { peers: { linkTo: () => undefined }, clock: new ManualClock() };

test('what was read is not answered when the duty has passed meanwhile, not even when it came back', async () => {
  const duty = new TestDuty();
  duty.give(self);
  const held = new HeldCalls({ ...alone, duty: duty.as(self), refresh: async () => {} });
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
  const refresh = async () => {
    steps.push('refresh');
    await settled();
    if (fails) throw new UnavailableError('no broker answers');
    steps.push('refreshed');
  };
  const held = new HeldCalls({ ...alone, duty: duty.as(self), refresh });
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
