import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encrypted } from '../encrypted.ts';
import { runProgram, whyMissing } from '../foreign-program.ts';
import { startGuardedServer } from '../guarded-server.ts';
import { tapWire } from '../wire-tap.ts';

const folder = new URL('./', import.meta.url);
const skip = await whyMissing(['go', 'mod', 'download'], folder);

test('the Go SDK v2, as it comes, does its work over HTTP/1.1', { skip }, async () => {
  await using server = await startGuardedServer();
  await using tap = await tapWire(server.url);
  await work({ ...server.environment, AWS_ENDPOINT_URL: tap.url });
  assert.deepEqual([...tap.heard], ['HTTP/1.1']);
});

// There it negotiates HTTP/2.
test('the Go SDK v2 does its work over TLS', { skip }, async () => {
  await using server = await startGuardedServer();
  using trust = await encrypted(server);
  await work({ ...server.environment, AWS_ENDPOINT_URL: trust.url, AWS_CA_BUNDLE: trust.authority });
});

async function work(environment: NodeJS.ProcessEnv): Promise<void> {
  const printed = await runProgram({ command: ['go', 'run', '.'], folder, environment, seconds: 600 });
  assert.match(printed, /^remove: as on AWS$/m);
}
