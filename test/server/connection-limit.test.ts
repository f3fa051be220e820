import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { connectionLimit, openFilesLimit } from '../../src/server/connection-limit.ts';

test('connections leave the log its file descriptors, however few there are', () => {
  assert.equal(connectionLimit(undefined), 10_000);
  assert.equal(connectionLimit(1_048_576), 10_000);
  assert.equal(connectionLimit(4096), 3776);
  assert.equal(connectionLimit(1024), 704);
  assert.equal(connectionLimit(80), 10);
  assert.equal(connectionLimit(45), 5);
});

test('the limit of open files is the one that the process was given', {
  skip: process.platform === 'win32',
}, () => {
  const module = new URL('../../src/server/connection-limit.ts', import.meta.url).href;
  const program = `import { openFilesLimit } from '${module}'; console.log(openFilesLimit())`;
  const command = `ulimit -n 100 && exec "${process.execPath}" --input-type=module -e "${program}"`;
  const { stdout } = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
  assert.equal(stdout.trim(), '100');
  assert.ok(openFilesLimit()! > 100);
});
