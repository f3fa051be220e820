import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { panicExitCode } from '../../src/env/env.ts';

/** Runs a line with `env` in a process of its own. */
function run(level: string, line: string) {
  const module = new URL('../../src/server/node-env.ts', import.meta.url).href;
  const source = `import { nodeEnv } from '${module}'; const env = nodeEnv({ data: '.', logLevel: '${level}' }); ${line}`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', source], {
    encoding: 'utf8',
  });
  const lines = stderr.split('\n').filter((text) => text !== '');
  return { status, lines: lines.map((text) => JSON.parse(text) as Record<string, unknown>) };
}

test('a panic says why in one line and ends the process with its own exit code', () => {
  const { status, lines } = run(
    'info',
    `env.panic('a write failed', new Error('EIO')); env.logger.info('after');`,
  );
  assert.equal(status, panicExitCode);
  assert.equal(lines.length, 1);
  const { level, message, cause } = lines[0]!;
  assert.deepEqual(
    { level, message, cause },
    { level: 'error', message: 'a write failed', cause: 'Error: EIO' },
  );
});

test('what is below the log level is not said; only debug shows stacks', () => {
  const say = `env.logger.debug('low'); env.logger.warn('high', { shard: 3, error: new TypeError('odd') });`;
  const [warning, ...others] = run('info', say).lines;
  assert.deepEqual(others, []);
  assert.equal(warning!['shard'], 3);
  assert.equal(warning!['error'], 'TypeError: odd');
  assert.match(String(warning!['time']), /^\d{4}-\d\d-\d\dT/);
  assert.match(String(run('debug', say).lines[1]!['error']), /^TypeError: odd\n +at /);
  assert.deepEqual(run('silent', say).lines, []);
});
