import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import { batchOf } from '../../harness/shard-text.ts';
import { catalogKey } from '../../src/catalog/catalog.ts';
import { DamagedError } from '../../src/log/log.ts';
import { defaultOptions } from '../../src/server/options.ts';
import { openStorage, type Storage } from '../../src/server/storage.ts';
import { FakeDisk } from '../log/fake-disk.ts';
import { TestClock, TestLogger, TestRandom } from '../log/world.ts';

function open(disk: FakeDisk, logger = new TestLogger()): Promise<Storage> {
  const env = { disk, logger, clock: new TestClock(), random: new TestRandom(1) };
  return openStorage(
    { ...defaultOptions, memory: false },
    { ...env, panic: (reason) => assert.fail(reason) },
  );
}

test('a data directory that other users may enter is warned of, and used', async () => {
  for (const isOpen of [false, true]) {
    const disk = new FakeDisk();
    disk.isOpenToOthers = async () => isOpen;
    const logger = new TestLogger();
    await using storage = await open(disk, logger);
    await storage.control.append(catalogKey, batchOf('an edit'));
    const expected = 'Other users may enter the data directory: it should have mode 0700.';
    assert.deepEqual(logger.warnings, isOpen ? [expected] : []);
  }
});

test('a control plane that a newer Millrace wrote is refused', async () => {
  const disk = new FakeDisk();
  {
    await using storage = await open(disk);
    await storage.control.append(catalogKey, batchOf('an edit'));
  }
  const path = 'catalog/catalog/000000000001.log';
  const { bytes } = disk.file(path);
  bytes.writeUInt16BE(3, 4);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 124)), 124);
  await using storage = await open(disk.nextProcess());
  await assert.rejects(storage.control.position(catalogKey), {
    name: 'NewerFormatError',
    message: `${path} was written by a newer Millrace.`,
  });
});

test('a control plane that misses its last edits after a proper end is refused', async () => {
  const disk = new FakeDisk();
  {
    await using storage = await open(disk);
    for (const text of ['one', 'two', 'three']) await storage.control.append(catalogKey, batchOf(text));
  }
  const file = disk.file('catalog/catalog/000000000001.log');
  const end = file.bytes.indexOf('three');
  file.truncate(end);
  await using storage = await open(disk.nextProcess());
  await assert.rejects(storage.control.position(catalogKey), DamagedError);
});
