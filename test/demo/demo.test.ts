import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
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
