import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ConditionalCheckFailedException,
  CreateTableCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  GetItemCommand,
  PutItemCommand,
  paginateScan,
  QueryCommand,
  UpdateItemCommand,
  UpdateTableCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { TableCalls } from './table-calls.ts';

const TableName = 'app';
const index = 'LeaseOwnerToLeaseKeyIndex';

const leaseTable = {
  TableName,
  KeySchema: [{ AttributeName: 'leaseKey', KeyType: 'HASH' as const }],
  AttributeDefinitions: [{ AttributeName: 'leaseKey', AttributeType: 'S' as const }],
  BillingMode: 'PAY_PER_REQUEST' as const,
};

function lease(number: number, owner: string) {
  return {
    leaseKey: { S: `shardId-${String(number).padStart(12, '0')}` },
    leaseOwner: { S: owner },
    leaseCounter: { N: '0' },
    checkpoint: { S: 'TRIM_HORIZON' },
    parentShardId: { SS: ['shardId-000000000000'] },
    pendingCheckpointState: { B: Buffer.from([0, 255]) },
  };
}

test('a lease table gets its index as KCL 3.5.1 adds it, and is queried by owner, with the official client', async () => {
  await using tables = new TableCalls();
  const client = tables.client();
  await client.send(new CreateTableCommand(leaseTable));
  await tables.settled();
  await waitUntilTableExists({ client, maxWaitTime: 60 }, { TableName });
  for (let number = 0; number < 6; number++) {
    await client.send(new PutItemCommand({ TableName, Item: lease(number, `w${number % 2}`) }));
  }
  const { TableDescription } = await client.send(
    new UpdateTableCommand({
      TableName,
      AttributeDefinitions: [
        { AttributeName: 'leaseKey', AttributeType: 'S' },
        { AttributeName: 'leaseOwner', AttributeType: 'S' },
      ],
      GlobalSecondaryIndexUpdates: [
        {
          Create: {
            IndexName: index,
            KeySchema: [
              { AttributeName: 'leaseOwner', KeyType: 'HASH' },
              { AttributeName: 'leaseKey', KeyType: 'RANGE' },
            ],
            Projection: { ProjectionType: 'KEYS_ONLY' },
          },
        },
      ],
    }),
  );
  assert.equal(TableDescription?.GlobalSecondaryIndexes?.[0]?.IndexStatus, 'CREATING');
  await tables.settled();
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  assert.deepEqual(
    [Table?.TableStatus, Table?.GlobalSecondaryIndexes?.[0]?.IndexStatus, Table?.ItemCount],
    ['ACTIVE', 'ACTIVE', 6],
  );
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName,
      IndexName: index,
      KeyConditionExpression: 'leaseOwner = :leaseOwner',
      ExpressionAttributeValues: { ':leaseOwner': { S: 'w1' } },
    }),
  );
  assert.deepEqual(
    Items.map(({ leaseKey }) => leaseKey?.S?.at(-1)),
    ['1', '3', '5'],
  );
});

test('of two workers that take a lease by its counter at once, one gets it, and the other sees whose it is', async () => {
  await using tables = new TableCalls();
  const client = tables.client();
  await client.send(new CreateTableCommand(leaseTable));
  await tables.settled();
  const item = lease(1, 'gone');
  await client.send(new PutItemCommand({ TableName, Item: item }));
  const take = (owner: string) =>
    client.send(
      new UpdateItemCommand({
        TableName,
        Key: { leaseKey: item.leaseKey },
        AttributeUpdates: {
          leaseOwner: { Value: { S: owner }, Action: 'PUT' },
          leaseCounter: { Value: { N: '1' }, Action: 'PUT' },
          ownerSwitchesSinceCheckpoint: { Value: { N: '1' }, Action: 'ADD' },
        },
        Expected: { leaseCounter: { Value: { N: '0' } }, leaseOwner: { Value: { S: 'gone' } } },
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
  const [first, second] = await Promise.allSettled([take('w1'), take('w2')]);
  assert.equal(first.status, 'fulfilled');
  assert.equal(first.value.Attributes?.['leaseOwner']?.S, 'w1');
  assert.equal(second.status, 'rejected');
  assert.ok(second.reason instanceof ConditionalCheckFailedException);
  assert.deepEqual(
    [second.reason.message, second.reason.Item?.['leaseOwner'], second.reason.Item?.['leaseCounter']],
    ['The conditional request failed', { S: 'w1' }, { N: '1' }],
  );
});

test('of many conditional writes that come in one turn each sees the ones before it', async () => {
  await using tables = new TableCalls();
  await tables.createTable('counters');
  const add = (one: string) =>
    tables.outcome('UpdateItem', {
      TableName: 'counters',
      Key: { id: { S: 'a' } },
      UpdateExpression: 'ADD n :one',
      ConditionExpression: 'attribute_not_exists(n) OR n < :three',
      ExpressionAttributeValues: { ':one': { N: one }, ':three': { N: '3' } },
    });
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => add('1')));
  assert.equal(outcomes.filter((outcome) => outcome === 'ok').length, 3);
  const { Item } = await tables.call('GetItem', { TableName: 'counters', Key: { id: { S: 'a' } } });
  assert.deepEqual(Item, { id: { S: 'a' }, n: { N: '3' } });
});

test('a leader lock changes hands only by its version, as the lock client asks', async () => {
  await using tables = new TableCalls();
  const client = tables.client();
  await client.send(new CreateTableCommand(leaseTable));
  await tables.settled();
  const names = { '#pk': 'leaseKey', '#rvn': 'recordVersionNumber' };
  const put = (version: string, condition: string, values?: Record<string, { S: string }>) =>
    client.send(
      new PutItemCommand({
        TableName,
        Item: { leaseKey: { S: 'Leader' }, recordVersionNumber: { S: version }, ownerName: { S: version } },
        ConditionExpression: condition,
        ExpressionAttributeNames: values === undefined ? { '#pk': names['#pk'] } : names,
        ...(values && { ExpressionAttributeValues: values }),
      }),
    );
  const ours = 'attribute_exists(#pk) AND #rvn = :rvn';
  await put('v1', 'attribute_not_exists(#pk)');
  await assert.rejects(put('v2', 'attribute_not_exists(#pk)'), ConditionalCheckFailedException);
  await put('v2', ours, { ':rvn': { S: 'v1' } });
  await assert.rejects(put('v3', ours, { ':rvn': { S: 'v1' } }), ConditionalCheckFailedException);
  const { Attributes } = await client.send(
    new DeleteItemCommand({
      TableName,
      Key: { leaseKey: { S: 'Leader' } },
      ConditionExpression: ours,
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: { ':rvn': { S: 'v2' } },
      ReturnValues: 'ALL_OLD',
    }),
  );
  assert.equal(Attributes?.['ownerName']?.S, 'v2');
  const { Item } = await client.send(new GetItemCommand({ TableName, Key: { leaseKey: { S: 'Leader' } } }));
  assert.equal(Item, undefined);
});

test('segments of a scan find every lease once, in pages, by the entity that they are', async () => {
  await using tables = new TableCalls();
  const client = tables.client();
  await client.send(new CreateTableCommand(leaseTable));
  await tables.settled();
  for (let number = 0; number < 40; number++) {
    const entityType = { S: number % 4 === 0 ? 'WORKER' : 'LEASE' };
    await client.send(new PutItemCommand({ TableName, Item: { ...lease(number, 'w'), entityType } }));
  }
  const found: string[] = [];
  for (let Segment = 0; Segment < 10; Segment++) {
    const asked = {
      TableName,
      Segment,
      TotalSegments: 10,
      Limit: 2,
      FilterExpression: 'entityType = :lease',
      ExpressionAttributeValues: { ':lease': { S: 'LEASE' } },
    };
    for await (const { Items = [] } of paginateScan({ client }, asked)) {
      found.push(...Items.map(({ leaseKey }) => leaseKey?.S ?? ''));
    }
  }
  assert.equal(found.length, 30);
  assert.equal(new Set(found).size, 30);
});
