import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TableCalls } from './table-calls.ts';

type Page = {
  readonly Items: readonly { readonly at: { readonly N: string } }[];
  readonly Count: number;
  readonly LastEvaluatedKey?: object;
  readonly ConsumedCapacity: { readonly CapacityUnits: number };
};

/** 12 items of a little more than 200 KB, of one hash key. */
async function large(tables: TableCalls): Promise<void> {
  await tables.createTable('large', true, {
    AttributeDefinitions: [
      { AttributeName: 'id', AttributeType: 'S' },
      { AttributeName: 'at', AttributeType: 'N' },
      { AttributeName: 'kind', AttributeType: 'S' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byKind',
        KeySchema: [{ AttributeName: 'kind', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
      {
        IndexName: 'kinds',
        KeySchema: [{ AttributeName: 'kind', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
  });
  for (let at = 0; at < 12; at++) {
    const Item = { id: { S: 'a' }, at: { N: `${at}` }, kind: { S: 'k' }, all: { S: 'x'.repeat(200_000) } };
    await tables.call('PutItem', { TableName: 'large', Item });
  }
}

/** The pages of what is asked for until there is none left. */
async function pages(tables: TableCalls, operation: string, asked: object): Promise<Page[]> {
  const all: Page[] = [];
  let ExclusiveStartKey: object | undefined;
  do {
    const input = { TableName: 'large', ReturnConsumedCapacity: 'TOTAL', ...asked, ExclusiveStartKey };
    const page = (await tables.call(operation, input)) as Page;
    all.push(page);
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  return all;
}

test('a page ends with the item that makes it a megabyte, of a table and of an index, and the next goes on', async () => {
  await using tables = new TableCalls();
  await large(tables);
  const byId = { KeyConditionExpression: 'id = :v', ExpressionAttributeValues: { ':v': { S: 'a' } } };
  const byKind = { KeyConditionExpression: 'kind = :v', ExpressionAttributeValues: { ':v': { S: 'k' } } };
  const every = [
    await pages(tables, 'Query', byId),
    await pages(tables, 'Query', { ...byId, ScanIndexForward: false }),
    await pages(tables, 'Query', { ...byKind, IndexName: 'byKind' }),
    await pages(tables, 'Scan', {}),
    await pages(tables, 'Scan', { IndexName: 'byKind' }),
  ];
  for (const read of every) {
    assert.deepEqual(
      read.map(({ Count }) => Count),
      [6, 6, 0],
    );
    const places = read.flatMap(({ Items }) => Items.map(({ at }) => at.N));
    assert.equal(new Set(places).size, 12);
    // 6 times 200,014 bytes, 16 for the numbers: 293 times 4 KiB, and half of that.
    assert.equal(read[0]!.ConsumedCapacity.CapacityUnits, 146.5);
  }
  // An index of keys is small, whatever its items are.
  const [first, ...others] = await pages(tables, 'Query', { ...byKind, IndexName: 'kinds' });
  assert.deepEqual([first?.Count, first?.ConsumedCapacity.CapacityUnits, others.length], [12, 0.5, 0]);
});

test('a batch answers what goes into 16 MB, and names the keys that are left', async () => {
  await using tables = new TableCalls();
  await tables.createTable('large');
  const ids = Array.from({ length: 50 }, (_, index) => `${index}`);
  for (const id of ids) {
    const Item = { id: { S: id }, all: { S: 'x'.repeat(400_000) } };
    await tables.call('PutItem', { TableName: 'large', Item });
  }
  const Keys = ids.map((id) => ({ id: { S: id } }));
  const asked = { RequestItems: { large: { Keys, ProjectionExpression: 'id' } } };
  const { Responses, UnprocessedKeys } = (await tables.call('BatchGetItem', asked)) as {
    readonly Responses: { readonly large: readonly object[] };
    readonly UnprocessedKeys: { readonly large: { readonly Keys: readonly object[] } };
  };
  // 16 MiB have room for 41 items of 400,000 bytes.
  assert.deepEqual([Responses.large.length, UnprocessedKeys.large.Keys.length], [41, 9]);
  const rest = await tables.call('BatchGetItem', { RequestItems: UnprocessedKeys });
  assert.deepEqual(rest['UnprocessedKeys'], {});
  assert.equal((rest['Responses'] as typeof Responses).large.length, 9);
});

test('an item may have 32 levels and thousands of attributes, and all of a large body is read', async () => {
  await using tables = new TableCalls();
  await tables.createTable('deep');
  const nested = (levels: number) => `${'{"M":{"a":'.repeat(levels)}{"S":"x"}${'}}'.repeat(levels)}`;
  const put = (value: string) =>
    tables.outcome('PutItem', `{"TableName":"deep","Item":{"id":{"S":"a"},"value":${value}}}`);
  assert.equal(await put(nested(31)), 'ok');
  assert.equal(
    await put(nested(33)),
    'ValidationException: Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit',
  );
  assert.equal(await put(nested(200)), 'SerializationException: ');

  const wide = Object.fromEntries(
    Array.from({ length: 20_000 }, (_, index) => [`a${index}`, { N: `${index}` }]),
  );
  await tables.call('PutItem', { TableName: 'deep', Item: { id: { S: 'wide' }, ...wide } });
  const { Item } = await tables.call('GetItem', { TableName: 'deep', Key: { id: { S: 'wide' } } });
  assert.deepEqual(Item, { id: { S: 'wide' }, ...wide });

  // 8 items of 390 KB, each with a list of 30,000 values: more than other services would read.
  const L = Array.from({ length: 30_000 }, (_, index) => ({ N: `${index}` }));
  const PutRequest = (index: number) => ({
    Item: { id: { S: `${index}` }, values: { L }, rest: { S: 'x'.repeat(200_000) } },
  });
  const requests = Array.from({ length: 8 }, (_, index) => ({ PutRequest: PutRequest(index) }));
  const body = JSON.stringify({ RequestItems: { deep: requests } });
  assert.ok(body.length > 4_000_000);
  assert.equal(await tables.outcome('BatchWriteItem', body), 'ok');
  const { Item: last } = await tables.call('GetItem', {
    TableName: 'deep',
    Key: { id: { S: '7' } },
    ProjectionExpression: '#v[29999]',
    ExpressionAttributeNames: { '#v': 'values' },
  });
  assert.deepEqual(last, { values: { L: [{ N: '29999' }] } });
});
