import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { MillraceProcess } from './process.ts';

test('a test process that is told to end takes the servers along that it started', async () => {
  const source = `
    import { MillraceProcess } from '${new URL('process.ts', import.meta.url)}';
    console.log(await new MillraceProcess(['--memory', '--port', '0']).ready());`;
  const preloaded = ['--import', './test/left-running.ts'];
  const child = spawn(process.execPath, [...preloaded, '--input-type=module', '--eval', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (line: Buffer) => resolve(String(line).trim()));
    closed.then(() => reject(new Error('it ended before its server listened')), reject);
  });
  child.kill('SIGTERM');
  assert.deepEqual(await closed, [128 + 15, null]);
  while (await answers(url)) await setTimeout(20);
});

test('a command that is to end by itself and serves instead is killed, and told of', async () => {
  await assert.rejects(MillraceProcess.run(['--memory', '--port', '0']), /it serves: Millrace .* listens on/);
});

function answers(url: string): Promise<boolean> {
  return fetch(`${url}/health`).then(
    () => true,
    () => false,
  );
}
