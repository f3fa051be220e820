import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { temporaryDirectory } from '../server/process.ts';

const skip =
  spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') !== true &&
  'util-linux has no script here, which lends a terminal';

test('a server ends with its terminal, and not when it is only asked to read files again', {
  skip,
}, async () => {
  using directory = temporaryDirectory();
  const note = join(directory.path, 'process');
  const command = `echo $$ > ${note}; exec "${process.execPath}" src/cli/main.ts --memory --port 0`;
  const terminal = spawn('script', ['--quiet', '--flush', '--command', command, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let pid = 0;
  try {
    const [line] = await once(terminal.stdout, 'data');
    const url = /Millrace \S+ listens on (http:\S+) /.exec(String(line))![1];
    pid = Number(readFileSync(note, 'utf8'));
    process.kill(pid, 'SIGHUP');
    for (let calls = 0; calls < 2; calls++) assert.equal((await fetch(`${url}/health`)).status, 200);
    // The terminal's other end goes with the process that lent it.
    terminal.kill('SIGKILL');
    while (await answers(url!)) await setTimeout(20);
  } finally {
    terminal.kill('SIGKILL');
    if (pid !== 0) endIfAlive(pid);
  }
});

function answers(url: string): Promise<boolean> {
  return fetch(`${url}/health`).then(
    () => true,
    () => false,
  );
}

function endIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
