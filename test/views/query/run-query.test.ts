import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heldBytesMax } from '../../../src/views/query/held-rows.ts';
import { runQuery, type ScanBounds } from '../../../src/views/query/run-query.ts';
import type { DecodedRecord } from '../../../src/views/view.ts';
import { ViewError } from '../../../src/views/view-error.ts';
import { jsonRecord } from '../records.ts';

const start = Date.UTC(2026, 5, 1, 12);
const states = ['open', 'open', 'paid', 'open', 'lost'];
const orders = states.map((state, index) =>
  jsonRecord(
    { state, total: index * 10, customer: { name: `c${index % 2}` }, items: [{ sku: `s${index}` }] },
    {
      partitionKey: `key-${index}`,
      arrival: start + index * 60_000,
      shardId: `shardId-00000000000${index % 2}`,
    },
  ),
);

/** What a query answers of these records, and what it asked for of the stream. */
async function ask(sql: string, records: readonly DecodedRecord[] = orders) {
  const asked: ScanBounds[] = [];
  let pages = 0;
  const answer = runQuery(
    sql,
    async function* (bounds) {
      asked.push(bounds);
      for (const record of records) {
        pages++;
        yield [record];
      }
    },
    AbortSignal.timeout(60_000),
  );
  const rows: (readonly unknown[])[] = [];
  for await (const row of answer.rows) rows.push(row);
  return { columns: answer.columns, rows, asked, pages };
}

test('columns are what is known of records, and fields of bodies, null where they are not there', async () => {
  const { columns, rows } = await ask(
    "SELECT key, time, size, body.customer.name, body.items[0].sku AS sku, body.nothing FROM records WHERE body.state = 'paid'",
  );
  assert.deepEqual(columns, ['key', 'time', 'size', 'name', 'sku', 'nothing']);
  assert.deepEqual(rows, [['key-2', '2026-06-01T12:02:00.000Z', orders[2]!.data.length, 'c0', 's2', null]]);
  const all = await ask('SELECT * FROM records LIMIT 1');
  assert.deepEqual(all.columns, ['shard', 'sequence', 'key', 'time', 'size', 'body', 'text', 'forms']);
  assert.deepEqual(all.rows[0]!.slice(5), [orders[0]!.body, String(orders[0]!.data), ['json']]);
});

test('rows are sorted, grouped and counted', async () => {
  const { columns, rows } = await ask(
    'SELECT body.state, COUNT(*) AS orders, SUM(body.total) AS total FROM records GROUP BY body.state ORDER BY orders DESC, state',
  );
  assert.deepEqual(columns, ['state', 'orders', 'total']);
  assert.deepEqual(rows, [
    ['open', 3, 40],
    ['lost', 1, 40],
    ['paid', 1, 20],
  ]);
  assert.deepEqual((await ask("SELECT COUNT(*) FROM records WHERE body.state = 'open'")).rows, [[3]]);
});

test('a limit ends the reading of the stream, and conditions on time and shard bound it', async () => {
  const limited = await ask('SELECT key FROM records LIMIT 2');
  assert.deepEqual([limited.pages, limited.asked[0]!.limit], [2, 2]);
  const { asked, rows } = await ask(
    "SELECT key FROM records WHERE time >= '2026-06-01T12:01:00Z' AND '2026-06-01 12:03' > time AND shard IN ('shardId-000000000001', 'shardId-000000000000') AND shard = 'shardId-000000000001' AND (size > 1 OR time < '2020-01-01')",
  );
  assert.deepEqual(asked, [
    { from: start + 60_000, end: start + 180_001, shards: ['shardId-000000000001'], limit: undefined },
  ]);
  assert.deepEqual(rows, [['key-1']]);
  // Half a second after 12:01:00Z is after it, whatever the texts say.
  const half = jsonRecord(1, { arrival: start + 60_500 });
  assert.equal(
    (await ask("SELECT key FROM records WHERE time > '2026-06-01T12:01:00Z'", [half])).rows.length,
    1,
  );
});

test('what is wrong with a query is told with its place, and with the name that was meant', () => {
  const wrong: readonly (readonly [string, number | undefined, RegExp])[] = [
    ['SELEC key FROM records', 0, /^expected SELECT but found "SELEC"$/],
    [
      'SELECT body.a.b, kee FROM records',
      17,
      /^there is no column kee \(did you mean key\?\); there are shard, .*body\.kee$/,
    ],
    ['SELECT key FROM orders', 16, /^there is no table orders; the table is records$/],
    ['SELECT key FROM records WHERE', 29, /^expected expression after "WHERE" but found end of query$/],
    ['SELECT UPPR(key) FROM records', 7, /^unknown function "UPPR"\. Did you mean UPPER/],
    [
      'SELECT a.key FROM records a JOIN records b ON a.size < b.size',
      undefined,
      /^records are joined by equal values/,
    ],
    [
      'SELECT key FROM records WHERE size IN (SELECT a.size FROM records a JOIN records b ON a.size < b.size)',
      undefined,
      /joined/,
    ],
    [
      `SELECT ${'key, '.repeat(3000)} key FROM records`,
      undefined,
      /^the query is longer than 10000 characters$/,
    ],
  ];
  for (const [sql, position, message] of wrong) {
    assert.throws(
      () => runQuery(sql, async function* () {}, AbortSignal.timeout(60_000)),
      (error) => {
        assert.ok(error instanceof ViewError, String(error));
        assert.match(error.message, message);
        assert.equal(error.position, position, sql);
        return true;
      },
    );
  }
});

test('a query that holds more rows than memory is for ends with a sentence, one that streams does not', async () => {
  const text = 'x'.repeat(heldBytesMax / 64);
  const large = Array.from({ length: 40 }, () => jsonRecord(text));
  await assert.rejects(ask('SELECT text FROM records ORDER BY text', large), (error) => {
    assert.ok(error instanceof ViewError);
    assert.match(error.message, /^a query that sorts, groups, joins or compares rows holds them in memory/);
    return true;
  });
  assert.equal((await ask('SELECT text FROM records', large)).rows.length, 40);
  assert.equal((await ask('SELECT key FROM records ORDER BY key', large)).rows.length, 40);
  // What only a condition is about is not held.
  assert.deepEqual((await ask("SELECT COUNT(*) FROM records WHERE text LIKE '_x%'", large)).rows, [[40]]);
  const none = await ask("SELECT text FROM records WHERE text = 'none' ORDER BY text", large);
  assert.equal(none.rows.length, 0);
  const each = 'SELECT (SELECT MAX(b.size) FROM records b WHERE b.key = a.key) FROM records a';
  await assert.rejects(ask(each), /a query reads the stream 4 times at most/);
});

test('a signal ends a query with its reason, and a failure of the stream is told as it is', async () => {
  const ending = new AbortController();
  const { rows } = runQuery(
    'SELECT key FROM records',
    async function* () {
      yield orders;
    },
    ending.signal,
  );
  const seen: unknown[] = [];
  const reading = (async () => {
    for await (const row of rows) {
      seen.push(row);
      ending.abort(new Error('enough'));
    }
  })();
  await assert.rejects(reading, /^Error: enough$/);
  assert.equal(seen.length, 1);
  const lost = new Error('the stream is gone');
  const failing = runQuery(
    'SELECT key FROM records ORDER BY key',
    // biome-ignore lint/correctness/useYield: it fails before it has anything
    async function* () {
      throw lost;
    },
    AbortSignal.timeout(60_000),
  );
  await assert.rejects(
    (async () => {
      for await (const _ of failing.rows);
    })(),
    (error) => error === lost,
  );
});
