import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onlyInFull } from '../extent.ts';
import { runProgram, whyMissing } from '../foreign-program.ts';
import { startGuardedServer } from '../guarded-server.ts';

const folder = new URL('./', import.meta.url);
// More than a minute.
const skip = onlyInFull || (await whyMissing(['cargo', 'build', '--locked', '--quiet'], folder));

test('the Rust SDK, as it comes, does its work', { skip }, async () => {
  await using server = await startGuardedServer();
  const command = ['./target/debug/millrace-rust-client'] as const;
  const printed = await runProgram({ command, folder, environment: server.environment, seconds: 600 });
  assert.match(printed, /^remove: as on AWS$/m);
});
