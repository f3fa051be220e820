import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runProgram, whyMissing } from '../foreign-program.ts';
import { startGuardedServer } from '../guarded-server.ts';

const folder = new URL('./', import.meta.url);
const build = ['cargo', 'build', '--locked', '--quiet'] as const;
const skip =
  process.env['CLIENTS'] === 'all'
    ? await whyMissing(build, folder)
    : 'its 149 crates take more than a minute to build; npm run clients builds them';

test('the Rust SDK, as it comes, does its work', { skip }, async () => {
  await using server = await startGuardedServer();
  const command = ['./target/debug/millrace-rust-client'] as const;
  const printed = await runProgram({ command, folder, environment: server.environment, seconds: 600 });
  assert.match(printed, /^remove: as on AWS$/m);
});
