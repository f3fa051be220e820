import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Harness } from '../kinesis/harness.ts';
import { ask, type TailReader, tailOf } from './tail-reader.ts';

async function started(shards = 1): Promise<Harness> {
  const server = await Harness.start({ limits: 'none' });
  await server.createStream('orders', shards);
  return server;
}

async function put(server: Harness, ...values: unknown[]): Promise<void> {
  const Records = values.map((value, nth) => {
    const Data = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64');
    return { PartitionKey: `key-${nth}`, Data };
  });
  await server.call('PutRecords', { StreamName: 'orders', Records });
  await server.clock.advance(1);
}

/**
 * The process of views is real, so it takes its time; the server's clock goes on meanwhile, slower than time
 * where ten seconds of it are not to be over.
 */
async function until(server: Harness, isSo: () => boolean, stepMs = 10): Promise<void> {
  while (!isSo()) {
    await server.clock.advance(stepMs);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const query = (sql: string) => `/streams/orders/query?sql=${encodeURIComponent(sql)}`;
const ended = (reader: TailReader) => () => reader.isOver;

test('a tail shows only what an expression lets through, decoded', async () => {
  await using server = await started();
  await put(server, { city: 'Oslo', sum: 3 }, { city: 'Rome', sum: 9 }, 'no json', { city: 'Oslo', sum: 12 });
  const where = encodeURIComponent("body.city == 'Oslo' && body.sum > 5");
  const target = `/streams/orders/tail?from=TRIM_HORIZON&decode=auto&where=${where}&until=-0s`;
  const tail = (await tailOf(server, target)).follow();
  await until(server, ended(tail));
  const [record, ...others] = tail.named('record');
  assert.deepEqual(others, []);
  assert.deepEqual(record?.['body'], { city: 'Oslo', sum: 12 });
  assert.deepEqual(record?.['forms'], ['json']);
  assert.equal(record?.['partitionKey'], 'key-3');
  assert.deepEqual(tail.named('end'), [{ reason: 'until', records: 4, matched: 1, lagMs: 0 }]);
});

test('a tail with a limit goes on behind the last record that it showed', async () => {
  await using server = await started();
  await put(server, ...[1, 2, 3, 4, 5, 6].map((n) => ({ n })));
  const seen: unknown[] = [];
  const target = `/streams/orders/tail?from=TRIM_HORIZON&decode=json&limit=1&where=${encodeURIComponent('body.n % 2 == 0')}`;
  for (let id = ''; seen.length < 3; ) {
    const tail = (
      await tailOf(
        server,
        `${target}&lastEventId=${encodeURIComponent(id || '')}`.replace(/&lastEventId=$/, ''),
      )
    ).follow();
    await until(server, ended(tail));
    assert.equal(tail.named('record').length, 1);
    seen.push(...tail.named('record').map(({ body }) => body));
    id = tail.lastId!;
  }
  assert.deepEqual(seen, [{ n: 2 }, { n: 4 }, { n: 6 }]);
});

test('rows of a query come with their columns, and an end', async () => {
  await using server = await started(3);
  await put(server, ...Array.from({ length: 100 }, (_, n) => ({ n, parity: n % 2 })));
  const reader = (
    await tailOf(
      server,
      query(
        'SELECT body.parity AS parity, COUNT(*) AS count FROM records GROUP BY body.parity ORDER BY parity',
      ),
    )
  ).follow();
  await until(server, ended(reader));
  assert.deepEqual(reader.named('columns'), [['parity', 'count']]);
  assert.deepEqual(reader.named('row'), [
    [0, 50],
    [1, 50],
  ]);
  const [end] = reader.named('end');
  assert.deepEqual(end, { reason: 'done', records: 100, matched: 2, lagMs: 0 });
});

test('a query that needs no more is over before it has read all', async () => {
  await using server = await started();
  for (let nth = 0; nth < 10; nth++) await put(server, ...Array(10).fill({ text: 'x'.repeat(30_000) }));
  const reader = (await tailOf(server, query('SELECT sequence FROM records LIMIT 1'))).follow();
  await until(server, ended(reader));
  assert.equal(reader.named('row').length, 1);
  assert.ok(Number(reader.named('end')[0]?.['records']) < 100);
});

for (const [what, target] of [
  ['an expression that is none', '/streams/orders/tail?where=body.'],
  ['a query that is none', query('SELECT FROM WHERE')],
  ['a query of no such column', query('SELECT colour FROM records')],
  ['a schema that is none', '/streams/orders/tail?decode=avro&schema=5'],
  ['a decoder that is none', '/streams/orders/tail?decode=morse'],
  ['a query of what is yet to come', `${query('SELECT * FROM records')}&from=LATEST`],
] as const) {
  test(`${what} is refused before anything is sent`, async () => {
    await using server = await started();
    const { status, body } = await ask(server, target);
    assert.equal(status, 400, String(body));
    assert.ok(JSON.parse(String(body)).message.length > 10);
  });
}

test('a query that makes one text that no heap holds ends alone: the server and other views go on', async () => {
  await using server = await started();
  await put(server, 'a'.repeat(900_000));
  const long = 'é'.repeat(500);
  const bomb = (
    await tailOf(server, query(`SELECT UPPER(REPLACE(text, 'a', '${long}')) FROM records`))
  ).follow();
  await until(server, ended(bomb), 1);
  const [trouble] = bomb.named('trouble');
  assert.equal(trouble?.['type'], 'LimitExceededException');
  assert.match(String(trouble?.['message']), /more memory than there is for it/);
  const other = (await tailOf(server, query('SELECT LENGTH(text) AS length FROM records'))).follow();
  await until(server, ended(other));
  assert.deepEqual(other.named('row'), [[900_000]]);
});

test('a pattern that turns back without end holds up nobody', async () => {
  await using server = await started();
  await put(server, `${'a'.repeat(40)}!`);
  const where = encodeURIComponent("text.matches('^(a+)+$') || text.endsWith('!')");
  const tail = (
    await tailOf(server, `/streams/orders/tail?from=TRIM_HORIZON&until=-0s&where=${where}`)
  ).follow();
  await until(server, ended(tail));
  assert.equal(tail.named('record').length, 1);
});
