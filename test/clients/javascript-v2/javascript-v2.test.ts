import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encrypted } from '../encrypted.ts';
import { runProgram, whyMissing } from '../foreign-program.ts';
import { startGuardedServer } from '../guarded-server.ts';

const folder = new URL('./', import.meta.url);
// Not `npm ci`, which would install what is there once more.
const install = ['npm', 'install', '--no-save', '--prefer-offline', '--ignore-scripts'] as const;
const skip = await whyMissing(install, folder);

test('the JavaScript SDK v2, as it comes, does its work', { skip }, async () => {
  await using server = await startGuardedServer();
  await work(server.environment);
});

test('the JavaScript SDK v2 does its work over TLS', { skip }, async () => {
  await using server = await startGuardedServer();
  using trust = await encrypted(server);
  await work({ ...server.environment, AWS_ENDPOINT_URL: trust.url, NODE_EXTRA_CA_CERTS: trust.authority });
});

async function work(server: NodeJS.ProcessEnv): Promise<void> {
  const environment = {
    ...server,
    // Without it, this version takes no notice of AWS_CONFIG_FILE nor of AWS_PROFILE.
    AWS_SDK_LOAD_CONFIG: '1',
    AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE: '1',
  };
  const command = [process.execPath, 'scenario.mjs'] as const;
  const printed = await runProgram({ command, folder, environment, seconds: 600 });
  assert.match(printed, /^remove: as on AWS$/m);
}
