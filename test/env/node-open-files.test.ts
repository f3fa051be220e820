import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { openFilesLimit } from '../../src/env/node-open-files.ts';

test('the limit of open files is the one that the process was given', {
  skip: process.platform === 'win32' ? 'Windows has no such limit' : false,
}, () => {
  const module = new URL('../../src/env/node-open-files.ts', import.meta.url).href;
  const program = `import { openFilesLimit } from '${module}'; console.log(openFilesLimit())`;
  const command = `ulimit -n 100 && exec "${process.execPath}" --input-type=module -e "${program}"`;
  const { stdout } = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
  assert.equal(stdout.trim(), '100');
  assert.ok(openFilesLimit()! > 100);
});
