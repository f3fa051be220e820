import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SecondaryIndex } from '../../../../src/services/dynamodb/tables/table.ts';
import type { TableStore } from '../../../../src/services/dynamodb/tables/table-store.ts';
import { settled } from '../../../log/world.ts';
import { itemOf, put, TablesLog, tableOf, write } from './table-world.ts';

const plain = tableOf('a');

function countIn(store: TableStore): number {
  return [...store.scan(plain, {})].length;
}

test('an index that is added later is filled in steps, takes part in changes meanwhile, and then is ACTIVE', async () => {
  const log = new TablesLog();
  const { store, tick } = await log.open({ transitionDelay: 500 });
  await write(store, { kind: 'table-put', table: plain });
  const items = Array.from({ length: 2500 }, (_, nth) => itemOf(`k${nth}`, 1, { n: { N: `${nth % 10}` } }));
  await write(store, ...items.map((item) => put(plain, item)));
  const since = log.clock.now();
  const index: SecondaryIndex = {
    name: 'by-n',
    kind: 'global',
    status: 'CREATING',
    statusSince: since,
    keySchema: { hash: { name: 'n', type: 'N' } },
    projection: { type: 'ALL', attributes: [] },
  };
  const table = { ...plain, status: 'UPDATING', statusSince: since, indexes: [index] } as const;
  await write(store, { kind: 'table-put', table });
  // Between its steps others come in turn.
  let steps = 0;
  const { turn } = log.clock;
  log.clock.turn = async () => {
    steps += 1;
    await write(
      store,
      put(table, itemOf(`k${steps}`, 1, { n: { N: '77' } })),
      put(table, itemOf(`new${steps}`, 1)),
    );
    await turn();
  };
  assert.equal(await tick(), 500);
  log.clock.turn = turn;
  assert.ok(steps >= 3, `${steps}`);
  assert.equal(store.table(plain)?.indexes[0]?.status, 'CREATING');
  log.clock.time += 500;
  await tick();
  const now = store.table(plain)!;
  assert.deepEqual([now.status, now.indexes[0]?.status], ['ACTIVE', 'ACTIVE']);
  const of = (n: string) => [...store.query(now, { index: 'by-n', condition: { hash: { N: n } } })].length;
  assert.deepEqual([of('77'), of('5'), of('1')], [steps, 250, 250 - 1]);
  assert.equal(store.sizeOfIndex(now, 'by-n').items, 2500);
  // It is as full after a start.
  const again = (await log.open()).store;
  assert.equal([...again.query(now, { index: 'by-n', condition: { hash: { N: '5' } } })].length, 250);
});

test('tables and indexes come to where they are on their way to, once the delay has passed', async () => {
  const log = new TablesLog();
  const { store, tick } = await log.open({ transitionDelay: 1000 });
  const statusSince = log.clock.now();
  await write(store, { kind: 'table-put', table: { ...plain, status: 'CREATING', statusSince } });
  await write(store, {
    kind: 'table-put',
    table: tableOf('b', { status: 'DELETING', statusSince: statusSince + 200 }),
  });
  assert.equal(await tick(), 1000);
  assert.equal(store.table(plain)?.status, 'CREATING');
  log.clock.time += 1000;
  assert.equal(await tick(), 200);
  assert.equal(store.table(plain)?.status, 'ACTIVE');
  assert.equal(store.tableCount, 2);
  log.clock.time += 200;
  await tick();
  assert.equal(store.tableCount, 1);
});

test('items expire by the number in their attribute, and not when they have got more time meanwhile', async () => {
  const log = new TablesLog();
  const { store, tick } = await log.open();
  const timeToLive = { attribute: 'until', isEnabled: true };
  const table = { ...plain, timeToLive };
  const seconds = Math.floor(log.clock.now() / 1000);
  await write(store, { kind: 'table-put', table: plain });
  const lives: [string, object][] = [
    ['past', { N: `${seconds - 1}` }],
    ['saved', { N: `${seconds + 60}` }],
    ['now', { N: `${seconds}` }],
    ['text', { S: `${seconds - 1}` }],
    ['years ago', { N: `${seconds - 6 * 365 * 24 * 3600}` }],
    ['fraction', { N: `${seconds - 1}.75` }],
  ];
  for (const [name, until] of lives) {
    await write(store, put(plain, itemOf(name, 1, { until: until as { N: string } })));
  }
  await tick();
  assert.equal(countIn(store), 6);
  await write(store, { kind: 'table-put', table });
  await tick();
  await write(store, put(table, itemOf('saved', 1, { until: { N: `${seconds - 1}` } })));
  // What gives it more time is on its way to the log when it is found to have expired.
  const written = Promise.withResolvers<void>();
  log.before = () => written.promise;
  const saving = write(store, put(table, itemOf('saved', 1, { until: { N: `${seconds + 60}` } })));
  const ticking = tick();
  await settled();
  written.resolve();
  assert.ok((await ticking)! <= 60_000);
  await saving;
  const left = [...store.scan(table, {})].map(({ item }) => (item['h'] as { S: string }).S);
  assert.deepEqual(left.sort(), ['now', 'saved', 'text', 'years ago']);
  log.clock.time += 61_000;
  await tick();
  assert.equal(countIn(store), 2);
});
