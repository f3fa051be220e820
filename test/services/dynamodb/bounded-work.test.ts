import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TableCalls } from './table-calls.ts';

const TableName = 'crumbs';

/** Some items with as many values as an item can have, by few bytes of requests. */
async function withCrumbs(items: number): Promise<TableCalls> {
  const tables = new TableCalls();
  await tables.createTable(TableName);
  const crumbs = { L: Array.from({ length: 50_000 }, () => ({ S: '' })) };
  for (let nth = 0; nth < items; nth++) {
    await tables.call('PutItem', { TableName, Item: { id: { S: `${nth}` }, crumbs } });
    const twice = {
      TableName,
      Key: { id: { S: `${nth}` } },
      UpdateExpression: 'SET crumbs = list_append(crumbs, crumbs)',
    };
    for (let times = 0; times < 2; times++) await tables.call('UpdateItem', twice);
  }
  return tables;
}

test('items of very many values are read by a transaction up to a bound, and by a batch one after the other', async () => {
  await using tables = await withCrumbs(4);
  const keys = ['0', '1', '2', '3'].map((id) => ({ id: { S: id } }));
  const tooMany =
    'ValidationException: The items of a transaction have more than 500000 values, the nested ones included.';
  const gets = keys.map((Key) => ({ Get: { TableName, Key } }));
  assert.equal(await tables.outcome('TransactGetItems', { TransactItems: gets }), tooMany);
  assert.equal(await tables.outcome('TransactGetItems', { TransactItems: gets.slice(0, 2) }), 'ok');
  const updates = keys.map((Key) => ({
    Update: { TableName, Key, UpdateExpression: 'SET label = id' },
  }));
  assert.equal(await tables.outcome('TransactWriteItems', { TransactItems: updates }), tooMany);
  // What fails is shown, and counts as well.
  const shown = {
    ConditionExpression: 'attribute_not_exists(id)',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
  const checks = keys.map((Key) => ({ ConditionCheck: { TableName, Key, ...shown } }));
  assert.equal(await tables.outcome('TransactWriteItems', { TransactItems: checks }), tooMany);
  const found: unknown[] = [];
  let Keys: unknown = keys;
  for (let requests = 0; Keys !== undefined; requests++) {
    assert.ok(requests < 2);
    const { Responses, UnprocessedKeys } = (await tables.call('BatchGetItem', {
      RequestItems: { [TableName]: { Keys, ProjectionExpression: 'id' } },
    })) as Record<string, Record<string, { Keys?: unknown } & unknown[]>>;
    found.push(...Responses![TableName]!);
    Keys = UnprocessedKeys![TableName]?.Keys;
  }
  assert.deepEqual(found, keys);
});

test('a transaction reads no more than 4 MiB', async () => {
  await using tables = new TableCalls();
  await tables.createTable(TableName);
  const text = { S: 'x'.repeat(399_000) };
  const ids = Array.from({ length: 11 }, (_, nth) => ({ id: { S: `${nth}` } }));
  for (const id of ids) await tables.call('PutItem', { TableName, Item: { ...id, text } });
  const gets = ids.map((Key) => ({ Get: { TableName, Key } }));
  const tooLarge = /ValidationException: The items of a transaction must not have more than 4194304 bytes/;
  assert.match(await tables.outcome('TransactGetItems', { TransactItems: gets }), tooLarge);
  assert.equal(await tables.outcome('TransactGetItems', { TransactItems: gets.slice(1) }), 'ok');
});

const many = Array.from({ length: 1500 }, (_, nth) => ({ id: { S: `${nth}` }, kind: { S: 'some' } }));

async function withMany(): Promise<TableCalls> {
  const tables = new TableCalls();
  await tables.createTable(TableName);
  for (let from = 0; from < many.length; from += 25) {
    const puts = many.slice(from, from + 25).map((Item) => ({ PutRequest: { Item } }));
    await tables.call('BatchWriteItem', { RequestItems: { [TableName]: puts } });
  }
  return tables;
}

const names = Array.from({ length: 100 }, (_, nth) => `a${nth} = id`).join(' OR ');

/** A page that takes many turns. */
const longScan = { TableName, FilterExpression: `kind = id OR attribute_exists(kind) OR ${names}` };

test('a page of many items lets others work, and has each item that stays', async () => {
  await using tables = await withMany();
  let isOver = false;
  const scan = tables.call('Scan', longScan);
  const seen = scan.then(({ Items }) => {
    isOver = true;
    return (Items as { id: { S: string } }[]).map(({ id }) => id.S);
  });
  for (let nth = 0; nth < 10; nth++) {
    await tables.call('DeleteItem', { TableName, Key: { id: { S: `${nth}` } } });
    assert.ok(!isOver);
  }
  const ids = await seen;
  assert.equal(new Set(ids).size, ids.length);
  const stayed = many.slice(10).map(({ id }) => id.S);
  assert.deepEqual(
    stayed.filter((id) => !ids.includes(id)),
    [],
  );
});

test('a table that goes while a page of it is read is not found any more', async () => {
  await using tables = await withMany();
  const scan = tables.outcome('Scan', longScan);
  await tables.call('DeleteTable', { TableName });
  assert.equal(await scan, 'ResourceNotFoundException: Requested resource not found');
});

test('a hash key that is longer than any is refused wherever one is looked for', async () => {
  await using tables = new TableCalls();
  await tables.createTable(TableName);
  const id = { S: 'k'.repeat(100_000) };
  const refused =
    'ValidationException: One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes';
  const query = { TableName, KeyConditionExpression: 'id = :i', ExpressionAttributeValues: { ':i': id } };
  assert.equal(await tables.outcome('GetItem', { TableName, Key: { id } }), refused);
  assert.equal(await tables.outcome('Query', query), refused);
  assert.equal(await tables.outcome('Scan', { TableName, ExclusiveStartKey: { id } }), refused);
});
