import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { checkData, isDataDamaged } from '../../src/cli/offline/data-check.ts';
import { restoreData } from '../../src/cli/restore/restore.ts';
import { RestoreProgress } from '../../src/cli/restore/restore-progress.ts';
import { archiveIn } from '../../src/server/archive/open-archive.ts';
import { FakeDisk } from '../log/fake-disk.ts';
import { TestLogger, TestRandom } from '../log/world.ts';
import type { Harness } from '../services/kinesis/harness.ts';
import { noClient } from '../services/kinesis/no-network.ts';
import { Machine } from './machine.ts';
import { temporaryDirectory } from './process.ts';

const outside = temporaryDirectory();
after(() => outside[Symbol.dispose]());
const rootKeyPath = join(outside.path, 'root-key');
writeFileSync(rootKeyPath, `${'5a'.repeat(32)}\n`, { mode: 0o600 });

const archived = { archive: 's3://bucket/millrace', s3: 'file:///objects', archiveAfter: 600 };
const hour = 3_600_000;

/** A server with an archive, on whose stream are so many records, the first of them old. */
async function machineWith(records: number): Promise<{ machine: Machine; server: Harness }> {
  const machine = new Machine({ rootKey: `file:${rootKeyPath}`, ...archived });
  machine.elsewhere.isHasty = true;
  await machine.elsewhere.createDirectory('bucket');
  const server = await machine.boot();
  await server.call('CreateStream', { StreamName: 's', ShardCount: 2 });
  await server.clock.advance(1000);
  await active(server);
  await put(server, 0, records);
  for (let nth = 0; nth < 30; nth++) await machine.clock.advance(hour / 20);
  await server.settled();
  return { machine, server };
}

async function active(server: Harness): Promise<void> {
  for (let turn = 0; turn < 1000; turn++) {
    const { body } = await server.answer('DescribeStreamSummary', { StreamName: 's' });
    if (JSON.stringify(body).includes('"StreamStatus":"ACTIVE"')) return;
    await server.settled();
  }
  assert.fail('the stream does not become ACTIVE');
}

async function put(server: Harness, from: number, end: number): Promise<void> {
  for (let nth = from; nth < end; nth++) {
    const Data = Buffer.from(`record ${nth}`.padEnd(600, '.')).toString('base64');
    await server.call('PutRecord', { StreamName: 's', PartitionKey: `${nth}`, Data });
  }
}

/** The numbers of all records of the stream, of whichever shard. */
async function numbersIn(server: Harness): Promise<number[]> {
  const { Shards } = (await server.call('ListShards', { StreamName: 's' })) as {
    Shards: { ShardId: string }[];
  };
  const numbers: number[] = [];
  for (const { ShardId } of Shards) numbers.push(...(await numbersOf(server, ShardId)));
  return numbers.sort((one, other) => one - other);
}

async function numbersOf(server: Harness, ShardId: string): Promise<number[]> {
  const begin = { StreamName: 's', ShardId, ShardIteratorType: 'TRIM_HORIZON' };
  let { ShardIterator } = (await server.call('GetShardIterator', begin)) as { ShardIterator?: string };
  const numbers: number[] = [];
  for (let page = 0; page < 100 && ShardIterator !== undefined; page++) {
    const found = (await server.call('GetRecords', { ShardIterator })) as {
      Records: { Data: string }[];
      NextShardIterator?: string;
      MillisBehindLatest: number;
    };
    for (const { Data } of found.Records)
      numbers.push(Number(/\d+/.exec(String(Buffer.from(Data, 'base64')))![0]));
    if (found.Records.length === 0 && found.MillisBehindLatest === 0) break;
    ShardIterator = found.NextShardIterator;
  }
  return numbers;
}

function upTo(end: number): number[] {
  return Array.from({ length: end }, (_, nth) => nth);
}

function restoring(machine: Machine): Parameters<typeof restoreData>[0] {
  const disk = new FakeDisk();
  disk.isHasty = true;
  const { clock, elsewhere } = machine;
  const random = new TestRandom(77);
  const panic = (reason: string) => assert.fail(reason);
  const world = { clock, random, client: noClient, diskAt: () => elsewhere };
  const store = archiveIn({ ...archived, region: undefined }, world);
  return {
    store,
    to: { clock, random, disk, logger: new TestLogger(), panic },
    progress: new RestoreProgress(() => {}),
  };
}

test('a server reads what it has archived, also after it was killed', async () => {
  const { machine, server } = await machineWith(40);
  const [stream] = (await machine.disk.list('streams')).filter((name) => !name.startsWith('_'));
  const files = (await machine.disk.list(`streams/${stream}`)).filter((name) => name.endsWith('.log'));
  assert.equal(files.length, 1);
  assert.deepEqual(await numbersIn(server), upTo(40));
  machine.disk = machine.disk.nextProcess();
  const next = await machine.boot();
  assert.deepEqual(await numbersIn(next), upTo(40));
  await machine.close(next);
});

for (const staysInArchive of [false, true]) {
  test(`what was archived is served by a server on what is restored, ${staysInArchive ? 'from the archive' : 'without it'}`, async () => {
    const { machine, server } = await machineWith(40);
    await put(server, 40, 43);
    const world = restoring(machine);
    const { streams, leftOut } = await restoreData(world, staysInArchive);
    assert.deepEqual(leftOut, []);
    assert.equal(streams.length, 1);
    const disk = world.to.disk as FakeDisk;
    if (!staysInArchive) {
      const check = await checkData(disk);
      assert.equal(isDataDamaged(check), false);
    }
    machine.disk = disk.cutPower('nothing');
    const restored = await machine.boot(staysInArchive ? {} : { archive: undefined });
    assert.deepEqual(await numbersIn(restored), upTo(40));
    await put(restored, 43, 50);
    assert.deepEqual(await numbersIn(restored), [...upTo(40), 43, 44, 45, 46, 47, 48, 49]);
    await machine.close(restored);
  });
}

test('no shard of a restored directory goes on from where it may have been', async () => {
  const { machine, server } = await machineWith(20);
  await put(server, 20, 24);
  const world = restoring(machine);
  await restoreData(world, false);
  machine.disk = world.to.disk as FakeDisk;
  const restored = await machine.boot({ archive: undefined });
  const { Shards } = (await restored.call('ListShards', { StreamName: 's' })) as {
    Shards: { ParentShardId?: string; SequenceNumberRange: { EndingSequenceNumber?: string } }[];
  };
  const open = Shards.filter(({ SequenceNumberRange: { EndingSequenceNumber } }) => !EndingSequenceNumber);
  assert.equal(Shards.length, 4);
  assert.ok(open.length === 2 && open.every(({ ParentShardId }) => ParentShardId !== undefined));
  await machine.close(restored);
});
