import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { onlyInFull } from '../extent.ts';
import { startGuardedServer } from '../guarded-server.ts';

const installed = spawnSync('python3', ['-c', 'import boto3']).status === 0;
const skip = (!installed && 'boto3 is not installed') || onlyInFull;

test('boto3, as it comes, has a delivery stream deliver to a bucket', { skip }, async () => {
  await using buckets = await mkdtempDisposable(join(tmpdir(), 'millrace-buckets-'));
  mkdirSync(join(buckets.path, 'lake'));
  await using server = await startGuardedServer('--s3', String(pathToFileURL(buckets.path)));
  const scenario = fileURLToPath(new URL('firehose-scenario.py', import.meta.url));
  const { stdout } = await promisify(execFile)('python3', [scenario, buckets.path], {
    env: server.environment,
    timeout: 600_000,
  });
  assert.equal(stdout, 'all went as on AWS\n');
});
