import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLogger } from '../../../../src/env/logger.ts';
import { encodeBatch } from '../../../../src/kinesis/record.ts';
import { LateTables, tablesKey } from '../../../../src/services/dynamodb/tables/late-tables.ts';
import { alteredEngine } from '../../../log/altered-engine.ts';
import { settled, TestClock } from '../../../log/world.ts';
import { itemOf, put, TablesLog, tableOf, write } from './table-world.ts';

function lateOver(engine: TablesLog['engine'], errors: string[] = []): LateTables {
  const logger = { ...silentLogger, error: (message: string) => errors.push(message) };
  return new LateTables(engine, { clock: new TestClock(), logger, transitionDelay: 0 });
}

test('tables that nobody asks for are not replayed, unless there are some', async () => {
  const { engine } = new TablesLog();
  let reads = 0;
  const counting = alteredEngine(engine, {
    read: (key, request) => {
      reads += 1;
      return engine.read(key, request);
    },
  });
  const late = lateOver(counting);
  late.begin();
  await settled();
  assert.equal(await late.tick(), undefined);
  assert.deepEqual([reads, late.opened], [0, undefined]);
  const [one, other] = await Promise.all([late.open(), late.open()]);
  assert.equal(one, other);
  const table = tableOf('a');
  await write(one, { kind: 'table-put', table }, put(table, itemOf('k', 1)));
  const next = lateOver(counting);
  next.begin();
  await settled();
  assert.deepEqual(next.opened?.get(table, itemOf('k', 1)), itemOf('k', 1));
});

test('tables that cannot be read are said to be so, and nothing else is harmed', async () => {
  const { engine } = new TablesLog();
  await engine.append(tablesKey, encodeBatch([{ partitionKey: undefined, data: Buffer.from('no record') }]));
  const errors: string[] = [];
  const late = lateOver(engine, errors);
  late.begin();
  await settled();
  assert.deepEqual(errors, ['The tables cannot be read.']);
  assert.equal(await late.tick(), undefined);
  await assert.rejects(late.open(), /written by a newer Millrace|cannot be decoded/);
});
