import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startGuardedServer } from '../guarded-server.ts';

const installed = spawnSync('python3', ['-c', 'import boto3']).status === 0;
const scenarios = [
  ['does its work', 'scenario.py'],
  ['keeps leases in a table of DynamoDB', 'tables-scenario.py'],
  ['puts metrics and looks at them', 'metrics-scenario.py'],
  ['manages users, roles and policies', 'users-scenario.py'],
  ['runs functions, by hand and on a stream', 'functions-scenario.py'],
  ['works with users, assumed roles, policies and encrypted streams', 'locked-scenario.py'],
] as const;

for (const [what, file] of scenarios) {
  test(`boto3, as it comes, ${what}`, { skip: !installed && 'boto3 is not installed' }, async () => {
    await using server = await startGuardedServer();
    const scenario = fileURLToPath(new URL(file, import.meta.url));
    const { stdout } = await promisify(execFile)('python3', [scenario], {
      env: server.environment,
      timeout: 600_000,
    });
    assert.equal(stdout, 'all went as on AWS\n');
  });
}
