import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { panicExitCode } from '../../src/env/env.ts';

/** The arguments that run a line with `env`. */
function argumentsFor(level: string, line: string): string[] {
  const module = new URL('../../src/server/node-env.ts', import.meta.url).href;
  const source = `import { nodeEnv } from '${module}'; const env = nodeEnv({ data: '.', logLevel: '${level}' }); ${line}`;
  return ['--input-type=module', '--eval', source];
}

/** Runs a line with `env` in a process of its own. */
function run(level: string, line: string) {
  const { status, stderr } = spawnSync(process.execPath, argumentsFor(level, line), { encoding: 'utf8' });
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

test('a log that is not read holds nothing up; what was left out is counted, and the last line is written', async () => {
  const line = `
    for (let nth = 0; nth < 5000; nth++) env.logger.warn('a line', { nth, filling: 'x'.repeat(100) });
    let probes = 0;
    const probe = () => env.logger.warn('a probe', { nth: probes++ });
    console.log('all said');
    setInterval(probe, 20);
    process.stdin.once('data', () => env.panic('the end after ' + probes, new Error('EIO')));`;
  const child = spawn(process.execPath, argumentsFor('info', line));
  await once(child.stdout, 'data');
  let stderr = '';
  child.stderr.on('data', (bytes) => {
    stderr += bytes;
    // There is room again.
    if (child.stdin.writable && stderr.includes('a probe')) child.stdin.end('the end');
  });
  const [code] = await once(child, 'close');
  assert.equal(code, panicExitCode);
  const lines = stderr
    .trimEnd()
    .split('\n')
    .map((text) => JSON.parse(text));
  const said = lines.filter(({ message }) => message === 'a line' || message === 'a probe').length;
  const leftOut = lines.reduce((sum, { leftOut: count = 0 }) => sum + count, 0);
  assert.ok(leftOut > 1_000);
  assert.equal(lines.at(-1).message, `the end after ${said + leftOut - 5_000}`);
});

test('a log that is not read, or whose reader is gone, does not keep a panic from its exit code', async () => {
  const say = `for (let nth = 0; nth < 5000; nth++) env.logger.warn('a line', { nth, filling: 'x'.repeat(100) });`;
  for (const isGone of [false, true]) {
    const child = spawn(process.execPath, argumentsFor('info', `${say} env.panic('the end', undefined);`));
    if (isGone) child.stderr.destroy();
    const [code] = await once(child, 'exit');
    assert.equal(code, panicExitCode);
    child.stderr.destroy();
  }
});
