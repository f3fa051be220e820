import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runProgram, whyMissing } from '../foreign-program.ts';
import { startGuardedServer } from '../guarded-server.ts';
import { tapWire } from '../wire-tap.ts';

const folder = new URL('./', import.meta.url);
const skip = await whyMissing(['go', 'mod', 'download'], folder);

test('the Go SDK v2, as it comes, does its work over HTTP/1.1', { skip }, async () => {
  await using server = await startGuardedServer();
  await using tap = await tapWire(server.url);
  const environment = { ...server.environment, AWS_ENDPOINT_URL: tap.url };
  const printed = await runProgram({ command: ['go', 'run', '.'], folder, environment, seconds: 180 });
  assert.match(printed, /^remove: as on AWS$/m);
  assert.deepEqual([...tap.heard], ['HTTP/1.1']);
});
