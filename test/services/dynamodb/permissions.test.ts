import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contextOf } from '../../../src/access/policy/access.ts';
import { aCaller } from '../../access/a-caller.ts';
import { TableCalls } from './table-calls.ts';

const arn = (rest: string) => `arn:aws:dynamodb:us-east-1:000000000000:table/${rest}`;

/** What was asked for, with what the call says besides. */
function askedOf(tables: TableCalls) {
  return tables.asked.map((access) => [
    access.action,
    access.resource,
    Object.fromEntries(contextOf(access) ?? []),
  ]);
}

async function withTable(): Promise<TableCalls> {
  const tables = new TableCalls();
  await tables.createTable('leases', false, {
    Tags: [{ Key: 'team', Value: 'shop' }],
    AttributeDefinitions: [
      { AttributeName: 'id', AttributeType: 'S' },
      { AttributeName: 'owner', AttributeType: 'S' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byOwner',
        KeySchema: [{ AttributeName: 'owner', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  });
  return tables;
}

test('permission is asked for the table, or its index, with its tags', async () => {
  await using tables = await withTable();
  await tables.call('DescribeTable', { TableName: arn('leases') });
  assert.deepEqual(askedOf(tables), [['dynamodb:DescribeTable', arn('leases'), {}]]);
  assert.deepEqual(tables.asked[0]?.facts, { policy: null, tags: [{ key: 'team', value: 'shop' }] });
  await tables.call('Scan', { TableName: 'leases', IndexName: 'byOwner' });
  assert.deepEqual(askedOf(tables), [
    ['dynamodb:Scan', arn('leases/index/byOwner'), { 'dynamodb:select': ['ALL_PROJECTED_ATTRIBUTES'] }],
  ]);
  assert.deepEqual(tables.asked[0]?.facts?.tags, [{ key: 'team', value: 'shop' }]);
});

test('whoever makes a table with tags needs the permission to tag it', async () => {
  await using tables = await withTable();
  tables.asked = [];
  await tables.outcome('CreateTable', { TableName: 'other', Tags: [{ Key: 'team', Value: 'shop' }] });
  const context = { 'aws:tagkeys': ['team'], 'aws:requesttag/team': ['shop'] };
  assert.deepEqual(askedOf(tables), [
    ['dynamodb:CreateTable', arn('other'), context],
    ['dynamodb:TagResource', arn('other'), context],
  ]);
});

test('a policy may ask for hash keys, and for all attributes that a call mentions', async () => {
  await using tables = await withTable();
  await tables.outcome('UpdateItem', {
    TableName: 'leases',
    Key: { id: { S: 'alice' } },
    UpdateExpression: 'SET #a = if_not_exists(former, :v), b = c REMOVE gone',
    ConditionExpression: 'attribute_not_exists(seen) OR size(d.e) > :v',
    ExpressionAttributeNames: { '#a': 'alias' },
    ExpressionAttributeValues: { ':v': { N: '1' } },
    ReturnValues: 'NONE',
  });
  const context = contextOf(tables.asked[0]!);
  assert.deepEqual(context?.get('dynamodb:leadingkeys'), ['alice']);
  assert.deepEqual(context.get('dynamodb:returnvalues'), ['NONE']);
  assert.deepEqual([...context.get('dynamodb:attributes')!].sort(), [
    ...['alias', 'b', 'c', 'd', 'former', 'gone', 'id', 'seen'],
  ]);
  await tables.call('Query', {
    TableName: 'leases',
    IndexName: 'byOwner',
    KeyConditionExpression: '#o = :o',
    ProjectionExpression: 'x',
    ExpressionAttributeNames: { '#o': 'owner' },
    ExpressionAttributeValues: { ':o': { S: 'bob' } },
    Select: 'SPECIFIC_ATTRIBUTES',
  });
  assert.deepEqual(askedOf(tables)[0]?.[2], {
    'dynamodb:leadingkeys': ['bob'],
    'dynamodb:attributes': ['x', 'owner'],
    'dynamodb:select': ['SPECIFIC_ATTRIBUTES'],
  });
});

test('of several tables permission is asked for each, of a transaction for each action by its own name', async () => {
  await using tables = await withTable();
  await tables.createTable('state');
  const Key = { id: { S: 'a' } };
  await tables.call('BatchGetItem', { RequestItems: { leases: { Keys: [Key] }, state: { Keys: [Key] } } });
  const named = { 'dynamodb:leadingkeys': ['a'], 'dynamodb:attributes': ['id'] };
  const all = { ...named, 'dynamodb:select': ['ALL_ATTRIBUTES'] };
  assert.deepEqual(askedOf(tables), [
    ['dynamodb:BatchGetItem', arn('leases'), all],
    ['dynamodb:BatchGetItem', arn('state'), all],
  ]);
  await tables.call('TransactWriteItems', {
    TransactItems: [
      { Put: { TableName: 'leases', Item: Key } },
      { ConditionCheck: { TableName: 'state', Key, ConditionExpression: 'attribute_not_exists(id)' } },
    ],
  });
  assert.deepEqual(askedOf(tables), [
    ['dynamodb:PutItem', arn('leases'), named],
    ['dynamodb:ConditionCheckItem', arn('state'), named],
  ]);
});

test('one action that is denied keeps all of a transaction from happening', async () => {
  await using tables = await withTable();
  tables.denied.add('dynamodb:DeleteItem');
  const Key = { id: { S: 'a' } };
  const { status } = await tables.answer('TransactWriteItems', {
    TransactItems: [
      { Put: { TableName: 'leases', Item: Key } },
      { Delete: { TableName: 'leases', Key: { id: { S: 'b' } } } },
    ],
  });
  assert.equal(status, 500);
  const { Count } = await tables.call('Scan', { TableName: 'leases' });
  assert.equal(Count, 0);
});

test('a table is of an account in a region: nobody else finds it by its name, and no other region by its ARN', async () => {
  await using tables = await withTable();
  tables.caller = aCaller('mallory', '111111111111');
  assert.match(await tables.outcome('DescribeTable', { TableName: 'leases' }), /not found$/);
  tables.caller = aCaller('alice', '000000000000', 'eu-west-1');
  assert.match(await tables.outcome('DescribeTable', { TableName: arn('leases') }), /not found$/);
  assert.deepEqual(await tables.call('ListTables', {}), { TableNames: [] });
});

test('a table is made in no other account or region than the caller’s', async () => {
  await using tables = await withTable();
  const keys = {
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
  };
  const elsewhere = ['eu-west-1:000000000000', 'us-east-1:111111111111'];
  for (const where of elsewhere) {
    const TableName = `arn:aws:dynamodb:${where}:table/foreign`;
    const refused = /^ValidationException: A table is made in the account and the region/;
    assert.match(await tables.outcome('CreateTable', { TableName, ...keys }), refused);
  }
  assert.equal(await tables.outcome('CreateTable', { TableName: arn('own'), ...keys }), 'ok');
});
