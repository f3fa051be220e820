import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join, resolve } from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from '../server/process.ts';

const action = readFileSync('deploy/github-action/action.yml', 'utf8');
const missing = ['bash', 'curl', 'nohup'].find((program) => spawnSync(program, ['--version']).error);
const skip = missing === undefined ? false : `${missing} is not installed`;

/** The script of the step that starts the server. */
function script(): string {
  const [, lines] = /^ {6}run: \|\n((?: {8}.*\n| *\n)+)/m.exec(action) ?? assert.fail('no script');
  return lines!.replace(/^ {8}/gm, '');
}

/** An npm that installs this checkout: a command that says its process. */
function fakeNpm(folder: string): void {
  mkdirSync(join(folder, 'programs'));
  const command = `#!/bin/sh\necho $$ > "${folder}/pid"\nexec "${process.execPath}" "${resolve('src/cli/main.ts')}" "$@"\n`;
  writeFileSync(join(folder, 'command'), command);
  const npm = `#!/bin/sh
mkdir -p "$3/node_modules/.bin"
cp "${folder}/command" "$3/node_modules/.bin/millrace"
chmod +x "$3/node_modules/.bin/millrace"
`;
  writeFileSync(join(folder, 'programs', 'npm'), npm);
  chmodSync(join(folder, 'programs', 'npm'), 0o755);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  assert.ok(typeof address === 'object' && address !== null);
  return address.port;
}

async function run(folder: string, port: string, words: string) {
  const environment = {
    PATH: [join(folder, 'programs'), process.env['PATH']].join(delimiter),
    ...{ RUNNER_TEMP: folder, GITHUB_ENV: join(folder, 'env'), GITHUB_OUTPUT: join(folder, 'output') },
    ...{ MILLRACE_VERSION: '1.2.3', MILLRACE_PORT: port, MILLRACE_LIMITS: 'none' },
    ...{ MILLRACE_ARGUMENTS: words, CLIENT_REGION: 'eu-west-1' },
  };
  const step = spawn('bash', ['-e', '-o', 'pipefail', '-c', script()], { env: environment });
  let said = '';
  for (const output of [step.stdout, step.stderr]) output.on('data', (bytes) => (said += bytes));
  const code = await new Promise((ended) => step.once('exit', ended));
  return { code, said };
}

test('the action starts a server, and has the steps after it find it', { skip }, async () => {
  using folder = temporaryDirectory();
  fakeNpm(folder.path);
  const port = String(await freePort());
  const { code, said } = await run(folder.path, port, '--account 111122223333');
  try {
    assert.equal(code, 0, said);
    assert.deepEqual(readFileSync(join(folder.path, 'env'), 'utf8').split('\n').slice(0, -1), [
      `AWS_ENDPOINT_URL=http://127.0.0.1:${port}`,
      ...['AWS_REGION=eu-west-1', 'AWS_DEFAULT_REGION=eu-west-1'],
      ...['AWS_ACCESS_KEY_ID=test', 'AWS_SECRET_ACCESS_KEY=test'],
    ]);
    assert.equal(readFileSync(join(folder.path, 'output'), 'utf8'), `endpoint=http://127.0.0.1:${port}\n`);
    assert.equal((await fetch(`http://127.0.0.1:${port}/health`)).status, 200);
  } finally {
    process.kill(Number(readFileSync(join(folder.path, 'pid'), 'utf8')));
  }
});

test('the action fails, and shows the log, when the server cannot start', { skip }, async () => {
  using folder = temporaryDirectory();
  fakeNpm(folder.path);
  const { code, said } = await run(folder.path, String(await freePort()), '--account twelve');
  assert.equal(code, 1);
  assert.match(said, /::error::Millrace did not start\n.*--account must be twelve digits/s);
});
