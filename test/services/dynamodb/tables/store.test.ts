import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SecondaryIndex } from '../../../../src/services/dynamodb/tables/table.ts';
import type { StoredItem } from '../../../../src/services/dynamodb/tables/table-store.ts';
import type { Item } from '../../../../src/services/dynamodb/values/attribute-value.ts';
import { itemOf, put, remove, TablesLog, tableOf, write } from './table-world.ts';

export const byOwner: SecondaryIndex = {
  name: 'by-owner',
  kind: 'global',
  status: 'ACTIVE',
  statusSince: 0,
  keySchema: { hash: { name: 'owner', type: 'S' }, range: { name: 'r', type: 'N' } },
  projection: { type: 'KEYS_ONLY', attributes: [] },
};

const table = tableOf('a', { indexes: [byOwner] });

function keys(found: Iterable<StoredItem>): string[] {
  return [...found].map(({ item }) => `${text(item['h'])}/${text(item['r'])}`);
}

function text(value: Item[string] | undefined): string {
  return value === undefined ? '' : String(Object.values(value)[0]);
}

test('the items of a hash key are in the order of their numbers, forwards and backwards, from any place', async () => {
  const { store } = await new TablesLog().open();
  await write(store, { kind: 'table-put', table });
  const numbers = [10, -3, 2, 1.5, -0.5, 0, 1e20];
  await write(store, ...numbers.map((number) => put(table, itemOf('k', number))));
  await write(store, put(table, itemOf('other', 5)));
  const condition = { hash: { S: 'k' } };
  const sorted = [-3, -0.5, 0, 1.5, 2, 10, 1e20].map((number) => `k/${number}`);
  assert.deepEqual(keys(store.query(table, { condition })), sorted);
  assert.deepEqual(keys(store.query(table, { condition, isBackwards: true })), [...sorted].reverse());
  // Whether or not there is an item of the key.
  for (const from of [1.5, 1.75]) {
    const after = itemOf('k', from);
    assert.deepEqual(keys(store.query(table, { condition, after })), sorted.slice(4));
    const back = from === 1.5 ? sorted.slice(0, 3) : sorted.slice(0, 4);
    assert.deepEqual(keys(store.query(table, { condition, after, isBackwards: true })), back.reverse());
  }
  const range = { operator: '>=', value: { N: '1.5' } } as const;
  assert.deepEqual(keys(store.query(table, { condition: { ...condition, range } })), sorted.slice(3));
});

test('an index has the items that have its key, of the right types, and follows every change', async () => {
  const { store } = await new TablesLog().open();
  await write(store, { kind: 'table-put', table });
  await write(
    store,
    put(table, itemOf('a', 3, { owner: { S: 'me' } })),
    put(table, itemOf('b', 1, { owner: { S: 'me' } })),
    put(table, itemOf('c', 1, { owner: { S: 'me' }, filler: { S: 'x'.repeat(100) } })),
    put(table, itemOf('d', 1, { owner: { N: '1' } })),
    put(table, itemOf('e', 1)),
  );
  const query = { index: 'by-owner', condition: { hash: { S: 'me' } } };
  const found = keys(store.query(table, query));
  assert.deepEqual([new Set(found.slice(0, 2)), found[2]], [new Set(['b/1', 'c/1']), 'a/3']);
  const size = store.sizeOfIndex(table, 'by-owner');
  // h, a character; r, a number of two bytes; owner, two characters: and their names.
  assert.deepEqual(size, { items: 3, bytes: 3 * (2 + 3 + 7) });
  assert.deepEqual(store.sizeOfIndex(table, 'none'), { items: 0, bytes: 0 });
  const after = itemOf(found[0]!.slice(0, 1), 1, { owner: { S: 'me' } });
  await write(store, remove(table, after));
  assert.deepEqual(keys(store.query(table, { ...query, after })), found.slice(1));
  await write(
    store,
    put(table, itemOf('a', 3, { owner: { S: 'you' } })),
    put(table, itemOf('e', 1, { owner: { S: 'me' } })),
  );
  assert.equal(keys(store.query(table, query)).length, 2);
  assert.deepEqual(keys(store.query(table, { ...query, condition: { hash: { S: 'you' } } })), ['a/3']);
});

test('the segments of a scan share the items out, and each page goes on where the last one ended', async () => {
  const { store } = await new TablesLog().open();
  await write(store, { kind: 'table-put', table });
  const names = Array.from({ length: 150 }, (_, nth) => `k${nth}`);
  await write(store, ...names.map((name) => put(table, itemOf(name, 1))));
  const all: string[] = [];
  for (let segment = 0; segment < 7; segment++) {
    let after: Item | undefined;
    for (;;) {
      const page: Item[] = [];
      for (const { item } of store.scan(table, { segment, segments: 7, after })) {
        page.push(item);
        if (page.length === 4) break;
      }
      all.push(...page.map((item) => text(item['h'])));
      after = page.at(-1);
      if (after === undefined) break;
      // What was read is deleted, as those do who clean up.
      await write(store, remove(table, after));
    }
  }
  assert.deepEqual(all.sort(), names.sort());
});

test('what there is no room for is refused in a sentence, and what makes room is not', async () => {
  const log = new TablesLog();
  const { store } = await log.open({ bytesMax: 13_600 });
  const plain = tableOf('b');
  await write(store, { kind: 'table-put', table: plain });
  const big = (nth: number) => put(plain, itemOf(`k${nth}`, 1, { filler: { S: 'x'.repeat(1000) } }));
  await write(store, ...[1, 2, 3, 4, 5, 6, 7].map(big));
  const refused = { name: 'LimitExceededException', message: /room for 13600 bytes of tables/ };
  await assert.rejects(write(store, big(8), big(9)), refused);
  const { items } = store.sizeOf(plain);
  assert.equal(items, 7);
  await write(store, big(7), remove(plain, itemOf('k1', 1)));
  await write(store, big(8));
  const indexes = ['1', '2', '3', '4'].map((name) => ({ ...byOwner, name }));
  await assert.rejects(write(store, { kind: 'table-put', table: { ...plain, indexes } }), refused);
  // Of two in one round only one has room.
  const outcomes = await Promise.allSettled([write(store, big(9)), write(store, big(10))]);
  assert.deepEqual(new Set(outcomes.map(({ status }) => status)), new Set(['fulfilled', 'rejected']));
  await write(store, { kind: 'table-dropped', table: plain });
  await write(store, { kind: 'table-put', table: tableOf('c') }, { kind: 'table-put', table: tableOf('e') });
});

test('the places of items in indexes take room, as they do of the heap', async () => {
  const { store } = await new TablesLog().open({ bytesMax: 1_000_000 });
  const indexes = Array.from({ length: 20 }, (_, nth) => ({ ...byOwner, name: `by-owner-${nth}` }));
  const indexed = tableOf('i', { indexes });
  await write(store, { kind: 'table-put', table: indexed });
  const long = 'x'.repeat(2000);
  const one = (nth: number) => put(indexed, itemOf(`${long}${nth}`, 1, { owner: { S: long } }));
  // Each has 2,000 bytes twice, and in each index as well.
  for (let nth = 0; nth < 11; nth++) await write(store, one(nth));
  await assert.rejects(write(store, one(11)), /This server has room for 1000000 bytes of tables/);
  await write(store, one(10), remove(indexed, itemOf(`${long}0`, 1)));
  await write(store, one(11));
});

test('a server has room for so many tables', async () => {
  const { store } = await new TablesLog().open();
  await write(store, { kind: 'table-put', table: tableOf('c') });
  for (let nth = 0; nth < 50 - 1; nth++) await write(store, { kind: 'table-put', table: tableOf(`c${nth}`) });
  await assert.rejects(write(store, { kind: 'table-put', table: tableOf('d') }), /room for 50 tables/);
});

test('an item of a table that is gone is not written: the decision was about another table', async () => {
  const { store } = await new TablesLog().open();
  await assert.rejects(write(store, put(table, itemOf('k', 1))), /decide on what the view shows/);
  await write(store, { kind: 'table-put', table });
  const waiting = [write(store, { kind: 'table-dropped', table }), write(store, put(table, itemOf('k', 1)))];
  const [dropped, late] = await Promise.allSettled(waiting);
  assert.deepEqual([dropped!.status, late!.status], ['fulfilled', 'rejected']);
  assert.equal(store.table(table), undefined);
  assert.deepEqual([...store.scan(table, {})], []);
});
