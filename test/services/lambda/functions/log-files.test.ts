import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { silentLogger } from '../../../../src/env/logger.ts';
import { nodeClock } from '../../../../src/env/node-clock.ts';
import { nodeDisk } from '../../../../src/env/node-disk.ts';
import { fileBytesMax, LogFiles } from '../../../../src/services/lambda/functions/log-files.ts';
import { TestLogger } from '../../../log/world.ts';

const name = { account: '000000000000', region: 'eu-central-1', name: 'f' };

function open(t: TestContext) {
  const root = mkdtempSync(join(tmpdir(), 'millrace-log-files-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const files = new LogFiles(nodeDisk(root), nodeClock, silentLogger);
  return { files, root, path: join(root, 'functions/logs/000000000000/eu-central-1/f.log') };
}

test('what a function writes is in its file, in order, after what was there', async (t) => {
  const { files, path } = open(t);
  files.keep(name, Buffer.from('one\n'));
  files.keep(name, Buffer.from('two\n'));
  await files.settled();
  files.keep(name, Buffer.from('three\n'));
  await files.settled();
  assert.equal(readFileSync(path, 'utf8'), 'one\ntwo\nthree\n');
});

test('a file that is full becomes the one before, of which there is one', async (t) => {
  const { files, path } = open(t);
  for (const letter of ['a', 'b', 'c']) {
    files.keep(name, Buffer.from(letter));
    await files.settled();
    writeFileSync(path, letter.repeat(fileBytesMax));
  }
  files.keep(name, Buffer.from('d'));
  await files.settled();
  assert.equal(readFileSync(path, 'utf8'), 'd');
  assert.equal(statSync(`${path}.1`).size, fileBytesMax);
  assert.equal(readFileSync(`${path}.1`, 'latin1')[0], 'c');
  assert.ok(!existsSync(`${path}.2`));
});

test('a function that writes faster than the disk loses the middle, and its file says how much', async (t) => {
  const { files, path } = open(t);
  for (let piece = 0; piece < 32; piece++) files.keep(name, Buffer.alloc(64 * 1024, 'x'));
  await files.settled();
  const text = readFileSync(path, 'latin1');
  assert.match(text, /… \d+ bytes were left out here …\n$|\d+ bytes were left out here/);
  assert.ok(text.length < 1.1 * 1024 * 1024);
});

test('a disk that refuses costs the output only, and without one nothing is kept', async (t) => {
  const { root } = open(t);
  const logger = new TestLogger();
  writeFileSync(join(root, 'functions'), 'in the way');
  const refused = new LogFiles(nodeDisk(root), nodeClock, logger);
  refused.keep(name, Buffer.from('one\n'));
  await refused.settled();
  assert.equal(logger.warnings.length, 1);
  const none = new LogFiles(undefined, nodeClock, logger);
  none.keep(name, Buffer.from('one\n'));
  await none.settled();
});
