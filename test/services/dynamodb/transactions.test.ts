import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TransactionCanceledException, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { TableCalls } from './table-calls.ts';

const add = {
  TransactItems: [
    {
      Update: {
        TableName: 'counters',
        Key: { id: { S: 'a' } },
        UpdateExpression: 'ADD n :one',
        ExpressionAttributeValues: { ':one': { N: '1' } },
      },
    },
  ],
  ClientRequestToken: 'the same',
};

async function counterIn(tables: TableCalls): Promise<unknown> {
  const { Item } = await tables.call('GetItem', { TableName: 'counters', Key: { id: { S: 'a' } } });
  return (Item as { readonly n: unknown }).n;
}

test('a transaction that is sent again is carried out once, at the same time and after a restart', async () => {
  await using tables = new TableCalls();
  await tables.createTable('counters');
  await Promise.all([
    tables.call('TransactWriteItems', add),
    tables.call('TransactWriteItems', add),
    tables.call('TransactWriteItems', add),
  ]);
  assert.deepEqual(await counterIn(tables), { N: '1' });
  await using again = tables.again();
  await again.call('TransactWriteItems', add);
  assert.deepEqual(await counterIn(again), { N: '1' });
});

test('a transaction that was canceled may be sent again with its token', async () => {
  await using tables = new TableCalls();
  await tables.createTable('counters');
  const Key = { id: { S: 'b' } };
  const check = { TableName: 'counters', Key, ConditionExpression: 'attribute_exists(id)' };
  const both = { ...add, TransactItems: [...add.TransactItems, { ConditionCheck: check }] };
  assert.match(await tables.outcome('TransactWriteItems', both), /\[None, ConditionalCheckFailed\]/);
  await tables.call('PutItem', { TableName: 'counters', Item: Key });
  await tables.call('TransactWriteItems', both);
  assert.deepEqual(await counterIn(tables), { N: '1' });
});

test('the official client has the reasons of a canceled transaction, in the order of its actions', async () => {
  await using tables = new TableCalls();
  await tables.createTable('counters');
  await tables.call('PutItem', { TableName: 'counters', Item: { id: { S: 'b' } } });
  const put = (id: string) => ({
    Put: {
      TableName: 'counters',
      Item: { id: { S: id } },
      ConditionExpression: 'attribute_not_exists(id)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    },
  });
  const command = new TransactWriteItemsCommand({ TransactItems: [put('a'), put('b'), put('c')] });
  await assert.rejects(tables.client().send(command), (error) => {
    assert.ok(error instanceof TransactionCanceledException);
    const said = { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' };
    assert.deepEqual(error.CancellationReasons, [
      { Code: 'None' },
      { ...said, Item: { id: { S: 'b' } } },
      { Code: 'None' },
    ]);
    return true;
  });
  const { Count } = await tables.call('Scan', { TableName: 'counters' });
  assert.equal(Count, 1);
});
