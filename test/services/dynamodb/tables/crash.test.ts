import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordOf } from '../../../../src/journal/revision.ts';
import { encodeBatch } from '../../../../src/kinesis/record.ts';
import { DamagedError, NewerFormatError } from '../../../../src/log/log.ts';
import { tablesKey } from '../../../../src/services/dynamodb/tables/late-tables.ts';
import type { Table } from '../../../../src/services/dynamodb/tables/table.ts';
import type { TableStore } from '../../../../src/services/dynamodb/tables/table-store.ts';
import { tablesMachine } from '../../../../src/services/dynamodb/tables/tables-machine.ts';
import { settled, TestRandom } from '../../../log/world.ts';
import { itemOf, put, remove, TablesLog, tableOf, write } from './table-world.ts';

function contents(store: TableStore): unknown {
  const { account, region } = tableOf('');
  return store
    .tablesOf(account, region)
    .map((table) => [table, [...store.scan(table, {})].map(({ item }) => item)]);
}

test('whatever append or trim a crash cuts short, what was answered is there, and no commit by half', async () => {
  const random = new TestRandom(9);
  const log = new TablesLog();
  const { store } = await log.open({ slackBytes: 500 });
  const table = tableOf('a');
  await write(store, { kind: 'table-put', table });
  let before = contents(store);
  // As another process finds the log at any of these moments.
  const found: unknown[] = [];
  const look = async () => {
    found.push(contents((await log.open({ slackBytes: 500 })).store));
  };
  log.before = look;
  log.after = look;
  log.afterTrim = look;
  for (let nth = 0; nth < 120; nth++) {
    const pair = [put(table, itemOf(`k${random.below(9)}`, 1, { nth: { N: `${nth}` } }))];
    if (random.below(3) === 0) pair.push(remove(table, itemOf(`other${random.below(9)}`, 1)));
    pair.push(put(table, itemOf(`other${random.below(9)}`, 1, { filler: { S: 'x'.repeat(50) } })));
    await write(store, ...pair);
    const after = contents(store);
    for (const one of found.splice(0)) {
      const isBefore = JSON.stringify(one) === JSON.stringify(before);
      if (!isBefore) assert.deepEqual(one, after);
    }
    before = after;
  }
  assert.ok(log.trims > 5, `${log.trims}`);
});

test('a table that is made again under its name has none of the items that it had', async () => {
  const log = new TablesLog();
  const { store } = await log.open({ slackBytes: 200 });
  for (let nth = 0; nth < 12; nth++) {
    const table = tableOf(`id-${nth}`, { name: 'leases' });
    const edits = [put(table, itemOf(`k${nth % 5}`, 1)), put(table, itemOf(`k${nth % 3}`, 2))];
    // All at once, and in commits of their own.
    if (nth > 0) await write(store, { kind: 'table-dropped', table: { id: `id-${nth - 1}` } });
    if (nth % 2 === 0) await write(store, { kind: 'table-put', table }, ...edits);
    else {
      await write(store, { kind: 'table-put', table });
      for (const edit of edits) await write(store, edit);
    }
    for (const { store: one } of [{ store }, await log.open()]) {
      assert.deepEqual(
        one.tablesOf(table.account, table.region).map(({ id }) => id),
        [table.id],
      );
      assert.equal([...one.scan(table, {})].length, 2);
    }
    assert.equal(store.get(table, itemOf('k4', 9)), undefined);
  }
});

test('several writers of one log, which trim it, have all of it in one order', async () => {
  const random = new TestRandom(4);
  const log = new TablesLog();
  const table = tableOf('a');
  await write((await log.open()).store, { kind: 'table-put', table });
  const stores: TableStore[] = [];
  for (let nth = 0; nth < 3; nth++) stores.push((await log.open({ slackBytes: 700 })).store);
  log.before = async () => {
    for (let turn = random.below(2); turn > 0; turn--) await new Promise((resolve) => setImmediate(resolve));
  };
  let added = 0;
  const unknown: Error[] = [];
  const increment = async (store: TableStore) => {
    try {
      await store.commit((view) => {
        const before = view.get(table, itemOf('sum', 1))?.['n'];
        const number = before !== undefined && 'N' in before ? Number(before.N) : 0;
        const more = put(table, itemOf(`k${random.below(20)}`, 1, { filler: { S: 'x'.repeat(40) } }));
        return {
          edits: [put(table, itemOf('sum', 1, { n: { N: `${number + 1}` } })), more],
          answer: undefined,
        };
      });
      added += 1;
    } catch (error) {
      assert.match(String(error), /forgotten, after a snapshot/);
      unknown.push(error as Error);
    }
  };
  for (let nth = 0; nth < 60; nth++) {
    await Promise.all(stores.map((store) => increment(store)));
    // One stands still for long, and finds that what comes next for it was trimmed.
    if (nth % 20 === 10) for (let more = 0; more < 30; more++) await increment(stores[0]!);
  }
  await settled();
  const { store } = await log.open();
  const sum = Number((store.get(table, itemOf('sum', 1))!['n'] as { N: string }).N);
  assert.ok(sum >= added && sum <= added + unknown.length, `${sum} of ${added} and ${unknown.length}`);
  assert.ok(unknown.length < added / 10, `${unknown.length}`);
  assert.ok(log.trims > 0);
});

async function append(log: TablesLog, data: Buffer): Promise<void> {
  await log.engine.append(tablesKey, encodeBatch([{ partitionKey: undefined, data }]));
}

async function oneTable(): Promise<{ log: TablesLog; store: TableStore; table: Table }> {
  const log = new TablesLog();
  const { store } = await log.open();
  const table = tableOf('a');
  await write(store, { kind: 'table-put', table });
  return { log, store, table };
}

for (const [what, at, byte, message] of [
  ['a format', 0, 2, /record 1 in the journal of the tables was written by a newer Millrace \(format 2\)/],
  [
    'an edit',
    6,
    99,
    /record 1 in the journal of the tables was written by a newer Millrace \(an edit of the kind 99\)/,
  ],
] as const) {
  test(`${what} of a newer program stops the replay in a sentence`, async () => {
    const { log } = await oneTable();
    const edits = [{ kind: 'table-dropped', id: 'a' } as const];
    const data = recordOf(tablesMachine(), { after: 1, edits });
    data[at] = byte;
    await append(log, data);
    await assert.rejects(log.open(), (error: Error) => {
      assert.ok(error instanceof NewerFormatError);
      assert.match(error.message, message);
      return true;
    });
  });
}

test('a record that is cut off, and items of a table that is not there, are damage', async () => {
  const { log, table } = await oneTable();
  const edits = [{ kind: 'table-put', table } as const];
  const data = recordOf(tablesMachine(), { after: 1, edits });
  await append(log, data.subarray(0, data.length - 3));
  await assert.rejects(
    log.open(),
    (error) => error instanceof DamagedError && /cannot be decoded/.test(error.message),
  );
  const other = await oneTable();
  const { store } = other;
  await write(store, put(table, itemOf('k', 1)));
  await other.log.engine.trim(tablesKey, 1);
  await assert.rejects(other.log.open(), /has items of a table a, and not the table/);
});
