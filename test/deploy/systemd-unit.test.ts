import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { nodeStart, nodeStartOf } from '../../harness/start-script.ts';

const path = 'deploy/millrace.service';
const unit = readFileSync(path, 'utf8');
const { error } = spawnSync('systemd-analyze', ['--version']);
const skip = error === undefined ? false : 'systemd-analyze is not installed';

function settingOf(key: string): string {
  const [, value] = new RegExp(`^${key}=(.*)$`, 'm').exec(unit) ?? assert.fail(`no ${key}`);
  return value!;
}

test('the unit starts the server as npm start does, and gives it the time that requests under way have', () => {
  const command = settingOf('ExecStart').replace('/usr/bin/env ', '');
  const { flags, env } = nodeStartOf(command);
  assert.deepEqual({ flags: flags.filter((flag) => flag !== '--data'), env }, nodeStart);
  assert.match(command, / serve --data %S\/millrace$/);
  assert.ok(Number(settingOf('TimeoutStopSec')) > 10);
  // Exit codes that a restart does not mend, see docs/operating.md.
  assert.equal(settingOf('RestartPreventExitStatus'), '2 78');
});

test('systemd understands the unit, and calls it OK', { skip }, () => {
  const verified = spawnSync('systemd-analyze', ['verify', resolve(path)], { encoding: 'utf8' });
  assert.deepEqual([verified.status, verified.stderr], [0, '']);
  const judged = spawnSync(
    'systemd-analyze',
    ['security', '--offline=true', '--threshold=20', resolve(path)],
    {
      encoding: 'utf8',
    },
  );
  assert.equal(judged.status, 0, judged.stdout);
});
