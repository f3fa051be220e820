import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const demo = fileURLToPath(new URL('../../examples/demo/demo.ts', import.meta.url));

test('the demo kills its server half-way and proves that nothing acknowledged is missing', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [demo, '--flights', '2000'], {
    encoding: 'utf8',
    timeout: 600_000,
  });
  assert.equal(status, 0, stdout + stderr);
  assert.match(stdout, /Killed the server with -9/);
  assert.match(stdout, /Every one of 2,000 acknowledged records arrived, byte for byte/);
  assert.equal(stdout.match(/shardId-\d{12} {2}[\d,]+ in order/g)?.length, 4);
  assert.match(stdout, /A second reading, from the beginning, found the same/);
});

test('the demo takes its server with it when it is ended', async () => {
  const child = spawn(process.execPath, [demo], { stdio: ['ignore', 'pipe', 'inherit'] });
  let url: string | undefined;
  for await (const line of createInterface(child.stdout)) {
    url = /^The server at (http:\S+) keeps them in /.exec(line)?.[1];
    if (url !== undefined) break;
  }
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  assert.equal(code, 128 + 15);
  while (await answers(url!)) await setTimeout(20);
});

function answers(url: string): Promise<boolean> {
  return fetch(`${url}/health`).then(
    () => true,
    () => false,
  );
}
