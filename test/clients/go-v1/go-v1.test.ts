import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encrypted } from '../encrypted.ts';
import { onlyInFull } from '../extent.ts';
import { runProgram, whyMissing } from '../foreign-program.ts';
import { startGuardedServer } from '../guarded-server.ts';

const folder = new URL('./', import.meta.url);
// 35 MB: it is all of AWS.
const skip = onlyInFull || (await whyMissing(['go', 'mod', 'download'], folder));

test('the Go SDK v1, as it comes, does its work', { skip }, async () => {
  await using server = await startGuardedServer();
  await work(server.environment);
});

test('the Go SDK v1 does its work over TLS', { skip }, async () => {
  await using server = await startGuardedServer();
  using trust = await encrypted(server);
  await work({ ...server.environment, AWS_ENDPOINT_URL: trust.url, AWS_CA_BUNDLE: trust.authority });
});

async function work(environment: NodeJS.ProcessEnv): Promise<void> {
  const printed = await runProgram({ command: ['go', 'run', '.'], folder, environment, seconds: 600 });
  assert.match(printed, /^remove: as on AWS$/m);
}
