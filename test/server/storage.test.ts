import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchOf } from '../../harness/shard-text.ts';
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
    await storage.catalog.append(batchOf('an edit'));
    const expected = 'Other users may enter the data directory: it should have mode 0700.';
    assert.deepEqual(logger.warnings, isOpen ? [expected] : []);
  }
});

test('a control plane that misses its last edits after a proper end is refused', async () => {
  const disk = new FakeDisk();
  {
    await using storage = await open(disk);
    for (const text of ['one', 'two', 'three']) await storage.catalog.append(batchOf(text));
  }
  const file = disk.file('catalog/catalog/000000000001.log');
  const end = file.bytes.indexOf('three');
  file.truncate(end);
  await assert.rejects(open(disk.nextProcess()), DamagedError);
});
