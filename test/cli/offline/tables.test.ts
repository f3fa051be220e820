import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openKeys } from '../../../src/access/keys/keys.ts';
import { rootKeyOf } from '../../../src/access/keys/root-key.ts';
import { ServiceKeys } from '../../../src/access/keys/service-keys.ts';
import { checkData, isDataDamaged } from '../../../src/cli/offline/data-check.ts';
import { repairData } from '../../../src/cli/offline/data-repair.ts';
import { runOffline } from '../../../src/cli/offline/offline.ts';
import { reportOf, reportText } from '../../../src/cli/offline/report.ts';
import { silentLogger } from '../../../src/env/logger.ts';
import { recordOf } from '../../../src/journal/revision.ts';
import { encodeBatch } from '../../../src/kinesis/record.ts';
import { DataKey } from '../../../src/log/data-keys.ts';
import { openEmbeddedLog } from '../../../src/log/embedded/embedded-log.ts';
import { EncryptedEngine } from '../../../src/log/encrypted-engine.ts';
import { type Engine, NewerFormatError } from '../../../src/log/log.ts';
import { controlLogOptions, servicesDirectory, servicesLogOptions } from '../../../src/server/storage.ts';
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

const rootSecret = Buffer.alloc(32, 'a root key');
const root = rootKeyOf([rootSecret], new TestRandom(1));
const unlocked = { root, random: new TestRandom(3) };
const locked = { root: rootKeyOf([Buffer.alloc(32, 'another')], unlocked.random), random: unlocked.random };

/** The log of the services, as a server opens it. */
async function withServices<T>(
  disk: FakeDisk,
  segmentBytes: number,
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  const control = await openEmbeddedLog(envOf(disk), 'catalog', controlLogOptions);
  const options = { ...servicesLogOptions, segmentBytes };
  const services = await openEmbeddedLog(envOf(disk), servicesDirectory, options);
  const keys = new ServiceKeys({ keys: await openKeys(control), ...unlocked });
  const answer = await work(new EncryptedEngine(services, keys));
  await services.close();
  await control.close();
  return answer;
}

function withTables<T>(
  disk: FakeDisk,
  segmentBytes: number,
  work: (store: TableStore) => Promise<T>,
): Promise<T> {
  return withServices(disk, segmentBytes, async (engine) => {
    const env = { ...envOf(disk), transitionDelay: 0 };
    const { store } = await openTables(engine, env, { slackBytes: 1000 });
    return await work(store);
  });
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
  const check = await checkData(disk, undefined, unlocked);
  assert.equal(isDataDamaged(check), false);
  assert.match(
    reportText('data', reportOf(check)),
    /^tables of DynamoDB: \d+ segments, \d+ frames, \d+ records, .*\n {2}(\d+) of \1 encrypted frames can be decrypted$/m,
  );
  const copy = new FakeDisk();
  copy.isHasty = true;
  await repairData(disk, envOf(copy), await checkData(disk));
  const expected = await withTables(disk.nextProcess(), 2000, async (store) => names(store));
  assert.equal(expected.length, 20);
  assert.deepEqual(await withTables(copy, 2000, async (store) => names(store)), expected);
});

test('of a damaged log a copy has all that can be read, in a log that a server starts from', async () => {
  const disk = await filledDisk();
  const paths = await segmentsOf(disk);
  const { bytes } = disk.file(paths[1]!);
  bytes[Math.floor(bytes.length / 2)]! ^= 1;
  for (const some of [undefined, locked]) {
    const check = await checkData(disk, undefined, some);
    assert.equal(isDataDamaged(check), true);
    await assert.rejects(repairData(disk, envOf(new FakeDisk()), check, undefined, some), {
      name: 'StartError',
      message: /^the log of the tables is damaged and encrypted: .* takes its root key/,
    });
  }
  const check = await checkData(disk, undefined, unlocked);
  assert.equal(isDataDamaged(check), true);
  assert.ok(check.tables.commitsMissing > 0);
  const copy = new FakeDisk();
  copy.isHasty = true;
  await repairData(disk, envOf(copy), check, undefined, unlocked);
  assert.ok((await segmentsOf(copy)).every((path) => copy.file(path).bytes.indexOf('xxxx') === -1));
  const kept = await withTables(copy, 2000, async (store) => {
    const found = names(store);
    await write(store, put(table, itemOf('new', 1)), remove(table, itemOf('k0', 1)));
    return found;
  });
  // Those that are written again and again at least.
  assert.ok(kept.length >= 5 && kept.length <= 20, `${kept}`);
  assert.equal(isDataDamaged(await checkData(copy, undefined, unlocked)), false);
});

test('a repair reads damaged tables with the root key of the directory, without being told', async () => {
  const disk = await filledDisk();
  const { bytes } = disk.file((await segmentsOf(disk))[1]!);
  bytes[Math.floor(bytes.length / 2)]! ^= 1;
  const copied = (copy: FakeDisk) =>
    runOffline({ directory: 'data', json: false, to: 'copy' }, (path) =>
      envOf(path === 'copy' ? copy : disk),
    );
  await assert.rejects(copied(new FakeDisk()), /takes its root key \(--root-key\)$/);
  const file = await disk.open('root-key', 'create');
  await file.write([Buffer.from(`${rootSecret.toString('hex')}\n`)], 0);
  await file.close();
  const copy = new FakeDisk();
  copy.isHasty = true;
  const { text, exitCode } = await copied(copy);
  assert.match(
    text,
    /^The tables of DynamoDB are without what can be read nowhere: of at least \d+ commits/m,
  );
  assert.equal(exitCode, 0);
  assert.equal(isDataDamaged(await checkData(copy, undefined, unlocked)), false);
});

test('a log of tables that a newer Millrace wrote is refused', async () => {
  const disk = await filledDisk();
  await withServices(disk, servicesLogOptions.segmentBytes, async (engine) => {
    const { end } = await engine.position(tablesKey);
    const data = recordOf(tablesMachine(), { after: end, edits: [] });
    data[0] = 2;
    await engine.append(tablesKey, encodeBatch([{ partitionKey: undefined, data }]));
  });
  await assert.rejects(checkData(disk, undefined, unlocked), NewerFormatError);
});

test('without its root key the logs of services are checked by their checksums, and it is said', async () => {
  const disk = await filledDisk();
  const unread = await checkData(disk);
  assert.equal(isDataDamaged(unread), false);
  assert.match(reportText('data', reportOf(unread)), /^ {2}only checksums were checked: it is encrypted/m);
  const foreign = await checkData(disk, undefined, locked);
  assert.equal(isDataDamaged(foreign), false);
  assert.match(
    reportText('data', reportOf(foreign)),
    /^ {2}0 of \d+ encrypted frames .*\n {2}key missing: no root key that is given has wrapped services$/m,
  );
});

test('a record that fits its checksums and was not encrypted for the log is damage, and no copy has its log', async () => {
  const disk = await filledDisk();
  await withServices(disk, 2000, (engine) => engine.append(metricsKey, aRecord));
  const raw = await openEmbeddedLog(envOf(disk), servicesDirectory, servicesLogOptions);
  const request = { from: 0, since: 0, limit: { records: 1, bytes: 1 } };
  const [batch] = (await raw.read(metricsKey, request)).batches;
  const forged = Buffer.from(batch!.bytes);
  forged[forged.length - 1]! ^= 1;
  const { arn, wrapped } = batch!.encryption!.key;
  const key = new DataKey({ arn, wrapped }, Buffer.alloc(32, 'not the secret'));
  await raw.append(metricsKey, { count: batch!.count, bytes: forged, key });
  await raw.close();
  assert.equal(isDataDamaged(await checkData(disk)), false);
  const check = await checkData(disk, undefined, unlocked);
  assert.equal(isDataDamaged(check), true);
  assert.match(
    check.findings.map(({ message }) => message).join(),
    /records 1 to 1 of shard 0 of cloudwatch were not placed there by this log/,
  );
  const copy = new FakeDisk();
  copy.isHasty = true;
  await repairData(disk, envOf(copy), check, undefined, unlocked);
  assert.deepEqual((await copy.list(servicesDirectory)).includes('cloudwatch'), false);
  assert.equal(isDataDamaged(await checkData(copy, undefined, unlocked)), false);
});

const metricsKey = { stream: 'cloudwatch', shard: 0 };
const aRecord = encodeBatch([{ partitionKey: undefined, data: Buffer.from('anything') }]);
