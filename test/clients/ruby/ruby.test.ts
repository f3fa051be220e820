import assert from 'node:assert/strict';
import { existsSync, globSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { onlyInFull } from '../extent.ts';
import { runProgram, whyMissing } from '../foreign-program.ts';
import { type GuardedServer, startGuardedServer } from '../guarded-server.ts';

const folder = new URL('./', import.meta.url);
const isThere = existsSync(new URL('build/fetched', folder));
const skip = onlyInFull || (!isThere && (await whyMissing(['sh', 'fetch.sh'], folder)));

test("Debian's SDKs for Ruby, v1 and v3, do their work", { skip }, async () => {
  await using server = await startGuardedServer();
  const command = ['build/usr/bin/ruby3.1', 'scenario.rb'] as const;
  const environment = { ...withKey(server), ...rubyIn(fileURLToPath(new URL('build/usr', folder))) };
  const printed = await runProgram({ command, folder, environment, seconds: 600 });
  assert.match(printed, /^secret: as on AWS$/m);
});

/** Version 1 reads no profiles. */
function withKey({ environment, credentials }: GuardedServer): NodeJS.ProcessEnv {
  const { AWS_PROFILE: _, ...others } = environment;
  const { accessKeyId, secretAccessKey } = credentials;
  return { ...others, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
}

/** Where Ruby, its libraries and its gems are. */
function rubyIn(usr: string): NodeJS.ProcessEnv {
  const libraries = [
    ...['lib/ruby/vendor_ruby', 'lib/*/ruby/3.1.0', 'lib/ruby/3.1.0'],
    ...[
      'lib/*/rubygems-integration/3.1.0/gems/*/lib',
      'lib/*/rubygems-integration/3.1.0/extensions/*/*/nokogiri*',
    ],
    'share/rubygems-integration/all/gems/*/lib',
  ].flatMap((pattern) => globSync(pattern, { cwd: usr }).map((path) => `${usr}/${path}`));
  const shared = globSync('lib/*-linux-gnu', { cwd: usr }).map((path) => `${usr}/${path}`);
  return { RUBYLIB: libraries.join(':'), LD_LIBRARY_PATH: shared.join(':') };
}
