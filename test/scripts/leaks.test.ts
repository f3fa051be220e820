import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { canaries } from '../../harness/canaries.ts';
import { temporaryDirectory } from '../server/process.ts';

test('a run fails when a test prints a secret, and names the file and the line', () => {
  using directory = temporaryDirectory();
  const leaky = join(directory.path, 'leaky.test.ts');
  const quiet = join(directory.path, 'quiet.test.ts');
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const runOf = (path: string) => {
    const { status, stdout } = spawnSync(process.execPath, ['scripts/test.ts', path], {
      env,
      encoding: 'utf8',
    });
    return { status, lines: stdout.split('\n') };
  };
  const print = (text: string) =>
    `import { test } from 'node:test';\ntest('prints', () => { console.error(${JSON.stringify(text)}); });\n`;
  writeFileSync(quiet, print('nothing to see'));
  const good = runOf(quiet);
  assert.equal(good.status, 0, good.lines.join('\n'));
  writeFileSync(leaky, print(`key: ${canaries.secretAccessKey}`));
  const { status, lines } = runOf(leaky);
  assert.equal(status, 1);
  const leaked = lines.filter((line) => line.startsWith('leaked: '));
  assert.equal(leaked.length, 1, lines.join('\n'));
  assert.ok(leaked[0]!.includes('leaky.test.ts: secretAccessKey in: key: '));
  assert.ok(lines.includes('1 passed, 0 failed, 0 skipped'));
});
