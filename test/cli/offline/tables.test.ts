import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkData, isDataDamaged } from '../../../src/cli/offline/data-check.ts';
import { repairData } from '../../../src/cli/offline/data-repair.ts';
import { reportOf, reportText } from '../../../src/cli/offline/report.ts';
import { silentLogger } from '../../../src/env/logger.ts';
import { recordOf } from '../../../src/journal/revision.ts';
import { encodeBatch } from '../../../src/kinesis/record.ts';
import { openEmbeddedLog } from '../../../src/log/embedded/embedded-log.ts';
import { NewerFormatError } from '../../../src/log/log.ts';
import { servicesDirectory, servicesLogOptions } from '../../../src/server/storage.ts';
import { tablesKey } from '../../../src/services/dynamodb/tables/late-tables.ts';
import { openTables } from '../../../src/services/dynamodb/tables/open-tables.ts';
import type { TableStore } from '../../../src/services/dynamodb/tables/table-store.ts';
import { tablesMachine } from '../../../src/services/dynamodb/tables/tables-machine.ts';
import { FakeDisk } from '../../log/fake-disk.ts';
import { TestClock, TestRandom } from '../../log/world.ts';
import { itemOf, put, remove, tableOf, write } from '../../services/dynamodb/tables/table-world.ts';

const table = tableOf('a', { name: 'leases' });

function envOf(disk: FakeDisk) {
  const panic = (reason: string) => assert.fail(reason);
  return { disk, clock: new TestClock(), random: new TestRandom(7), logger: silentLogger, panic };
}

async function withTables<T>(
  disk: FakeDisk,
  segmentBytes: number,
  work: (store: TableStore) => Promise<T>,
): Promise<T> {
  const env = { ...envOf(disk), transitionDelay: 0 };
  const engine = await openEmbeddedLog(env, servicesDirectory, { ...servicesLogOptions, segmentBytes });
  const { store } = await openTables(engine, env, { slackBytes: 1000 });
  const answer = await work(store);
  await engine.close();
  return answer;
}

async function segmentsOf(disk: FakeDisk): Promise<string[]> {
  const directory = `${servicesDirectory}/dynamodb`;
  return (await disk.list(directory)).sort().map((name) => `${directory}/${name}`);
}

function names(store: TableStore): string[] {
  return [...store.scan(table, {})].map(({ item }) => (item['h'] as { S: string }).S).sort();
}

/** Twenty items, of which some are written again and again, in segments that were trimmed. */
async function filledDisk(): Promise<FakeDisk> {
  const disk = new FakeDisk();
  disk.isHasty = true;
  await disk.createDirectory('streams');
  await withTables(disk, 2000, async (store) => {
    await write(store, { kind: 'table-put', table });
    for (let nth = 0; nth < 200; nth++) {
      const filler = { S: `${nth}`.padEnd(100, 'x') };
      await write(store, put(table, itemOf(`k${nth < 20 ? nth : nth % 5}`, 1, { filler })));
    }
  });
  return disk;
}

test('the log of the tables is checked and copied like the others, from wherever it begins', async () => {
  const disk = await filledDisk();
  const segments = await segmentsOf(disk);
  assert.ok(!segments.some((path) => path.endsWith('/000000000001.log')), `${segments}`);
  const check = await checkData(disk);
  assert.equal(isDataDamaged(check), false);
  assert.match(
    reportText('data', reportOf(check)),
    /^tables of DynamoDB: \d+ segments, \d+ frames, \d+ records/m,
  );
  const copy = new FakeDisk();
  copy.isHasty = true;
  await repairData(disk, envOf(copy), check);
  const expected = await withTables(disk.nextProcess(), 2000, async (store) => names(store));
  assert.equal(expected.length, 20);
  assert.deepEqual(await withTables(copy, 2000, async (store) => names(store)), expected);
});

test('of a damaged log a copy has all that can be read, in a log that a server starts from', async () => {
  const disk = await filledDisk();
  const paths = await segmentsOf(disk);
  const { bytes } = disk.file(paths[1]!);
  bytes[bytes.indexOf('xxxx')]! ^= 1;
  const check = await checkData(disk);
  assert.equal(isDataDamaged(check), true);
  assert.ok(check.tables.commitsMissing > 0);
  const copy = new FakeDisk();
  copy.isHasty = true;
  await repairData(disk, envOf(copy), check);
  const kept = await withTables(copy, 2000, async (store) => {
    const found = names(store);
    await write(store, put(table, itemOf('new', 1)), remove(table, itemOf('k0', 1)));
    return found;
  });
  // Those that are written again and again at least.
  assert.ok(kept.length >= 5 && kept.length <= 20, `${kept}`);
  assert.equal(isDataDamaged(await checkData(copy)), false);
});

test('a log of tables that a newer Millrace wrote is refused', async () => {
  const disk = await filledDisk();
  const engine = await openEmbeddedLog(envOf(disk), servicesDirectory, servicesLogOptions);
  const { end } = await engine.position(tablesKey);
  const data = recordOf(tablesMachine(), { after: end, edits: [] });
  data[0] = 2;
  await engine.append(tablesKey, encodeBatch([{ partitionKey: undefined, data }]));
  await engine.close();
  await assert.rejects(checkData(disk), NewerFormatError);
});
