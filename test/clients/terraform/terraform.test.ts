import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { runProgram, whyMissing } from '../foreign-program.ts';
import { startGuardedServer } from '../guarded-server.ts';

// Terraform writes its plugins and its state beside the configuration.
const directory = mkdtempSync(join(tmpdir(), 'millrace-terraform-'));
after(() => rmSync(directory, { recursive: true }));
cpSync(new URL('main.tf', import.meta.url), join(directory, 'main.tf'));
const folder = pathToFileURL(`${directory}/`);
const skip = await whyMissing(['terraform', 'init', '-no-color', '-input=false'], folder);

test('Terraform makes, changes and removes a stream and a consumer, and then finds nothing left to do', {
  skip,
}, async () => {
  await using server = await startGuardedServer();
  const run = (words: readonly string[], settings: object) => {
    const values = Object.entries(settings).map(([name, value]) => `-var=${name}=${JSON.stringify(value)}`);
    const command = ['terraform', ...words, '-no-color', '-input=false', ...values] as const;
    return runProgram({ command, folder, environment: server.environment, seconds: 300 });
  };
  // A plan that would change something ends with another code than 0.
  const isClean = (settings: object) => run(['plan', '-detailed-exitcode'], settings);

  const first = { shards: 1, hours: 24, metrics: [], stage: 'test' };
  await run(['apply', '-auto-approve'], first);
  await isClean(first);
  const second = { shards: 2, hours: 48, metrics: ['IncomingBytes'], stage: 'live' };
  await run(['apply', '-auto-approve'], second);
  await isClean(second);
  await run(['destroy', '-auto-approve'], second);
});
