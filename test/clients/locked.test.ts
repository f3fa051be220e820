import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startGuardedServer } from './guarded-server.ts';

const installed = spawnSync('python3', ['-c', 'import boto3']).status === 0;
const skip = !installed && 'boto3 is not installed';
const scenario = fileURLToPath(new URL('locked-scenario.py', import.meta.url));

test('boto3 works with users, assumed roles, policies and encrypted streams', { skip }, async () => {
  await using server = await startGuardedServer();
  const { stdout } = await promisify(execFile)('python3', [scenario], {
    env: server.environment,
    timeout: 600_000,
  });
  assert.equal(stdout, 'all went as on AWS\n');
});
