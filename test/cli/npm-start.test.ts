import assert from 'node:assert/strict';
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { test } from 'node:test';
import manifest from '../../package.json' with { type: 'json' };
import { MillraceProcess, temporaryDirectory } from '../server/process.ts';

test('SIGTERM to npm start, and to nothing else, ends the server with care, and lets go of port and directory', async () => {
  using directory = temporaryDirectory();
  const data = join(directory.path, 'data');
  const npm = inGroup('npm', ['start', '--', '--data', data, '--port', '0', '--workers', '2']);
  try {
    const url = await listening(npm);
    npm.kill('SIGTERM');
    const [code] = await once(npm, 'exit');
    assert.equal(code, 0);
    await assert.rejects(fetch(`${url}/health`));
    await using next = new MillraceProcess(['--data', data, '--port', new URL(url).port]);
    await next.ready();
  } finally {
    endGroup(npm);
  }
});

test('a command whose npx has gone ends with care', {
  skip: existsSync('/bin/sh') ? false : 'there is no /bin/sh',
}, async () => {
  // As npx does it: in a shell, which does not hand on the signals that it gets.
  const command = `"${process.execPath}" src/cli/main.ts --memory --port 0; exit`;
  const npx = { npm_lifecycle_event: 'npx', npm_lifecycle_script: "'millrace'" };
  const shell = inGroup('/bin/sh', ['-c', command], npx);
  try {
    const url = await listening(shell);
    shell.kill('SIGTERM');
    // Its output ends with the last process that has it.
    await once(shell, 'close');
    await assert.rejects(fetch(`${url}/health`));
  } finally {
    endGroup(shell);
  }
});

test('the process of every npm script that runs for long is the one that npm signals', () => {
  const short = /^pre|^(check|docs|format)$/;
  const wrapped = Object.entries(manifest.scripts)
    .filter(([name, command]) => !short.test(name) && !/^([A-Z_]+=\w+ )*exec /.test(command))
    .map(([name]) => name);
  assert.deepEqual(wrapped, []);
});

/** In a process group of its own, so that nothing of it is left behind when a test fails. */
function inGroup(command: string, args: readonly string[], env: Record<string, string> = {}) {
  return spawn(command, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, MILLRACE_LOG_LEVEL: 'error', ...env },
    detached: true,
  });
}

function endGroup({ pid }: Wrapper): void {
  try {
    process.kill(-pid!, 'SIGKILL');
  } catch (error) {
    // All of it has ended already.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

type Wrapper = ChildProcessByStdio<null, Readable, null>;

async function listening({ stdout }: Wrapper): Promise<string> {
  let text = '';
  for await (const chunk of stdout.iterator({ destroyOnReturn: false })) {
    text += chunk;
    const url = /^Millrace \S+ listens on (http:\S+) /m.exec(text)?.[1];
    if (url === undefined) continue;
    stdout.resume();
    return url;
  }
  throw new Error(`ended before it listened: ${text}`);
}
