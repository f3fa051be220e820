import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';

const main = ['src/cli/main.ts', '--memory', '--log-level', 'debug'];
const withoutShell = existsSync('/bin/sh') ? false : 'there is no /bin/sh';
const withoutFullDevice = existsSync('/dev/full') ? false : 'there is no /dev/full';

test('a server whose stdout and stderr are not read goes on, and ends with 0', async () => {
  const port = await freePort();
  const child = spawn(process.execPath, [...main, '--port', port], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  child.stderr.destroy();
  await goesOnAndEnds(child, port);
});

test('a server whose stdout and stderr were closed before it started goes on, and ends with 0', {
  skip: withoutShell,
}, async () => {
  const port = await freePort();
  const command = `exec "${process.execPath}" ${main.join(' ')} --port ${port} >&- 2>&-`;
  await goesOnAndEnds(spawn('/bin/sh', ['-c', command], { stdio: 'ignore' }), port);
});

test('a server whose stdout and stderr go to a full disk goes on, and ends with 0', {
  skip: withoutFullDevice,
}, async () => {
  const port = await freePort();
  const full = openSync('/dev/full', 'w');
  const stdio = ['ignore', full, full] as const;
  await goesOnAndEnds(spawn(process.execPath, [...main, '--port', port], { stdio: [...stdio] }), port);
});

test('a reader of the first line alone gets the address, and the server goes on', {
  skip: withoutShell,
}, async () => {
  const command = `"${process.execPath}" src/cli/main.ts --memory --port 0 | head -1`;
  const shell = spawn('/bin/sh', ['-c', command], { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
  try {
    const [line] = await once(shell.stdout, 'data');
    const url = /^Millrace \S+ listens on (http:\S+) .*\n$/.exec(String(line))?.[1];
    // Time enough for all that it may write after its first line, which is not read.
    for (let calls = 0; calls < 3; calls++) await refused(url!);
    assert.equal(shell.exitCode, null);
  } finally {
    process.kill(-shell.pid!, 'SIGKILL');
  }
});

test('help that is not read is no failure', { skip: withoutShell }, () => {
  const command = `{ "${process.execPath}" src/cli/main.ts --help; echo "ended with $?" >&2; } | true`;
  const { stderr } = spawnSync('/bin/sh', ['-c', command], { encoding: 'utf8' });
  assert.equal(stderr, 'ended with 0\n');
});

/** Has it log something by a request that it refuses at debug level, and then ends it. */
async function goesOnAndEnds(child: ChildProcess, port: string): Promise<void> {
  const ended = once(child, 'exit');
  try {
    const url = `http://127.0.0.1:${port}`;
    await answers(url, ended);
    for (let calls = 0; calls < 3; calls++) await refused(url);
    child.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null]);
  } finally {
    child.kill('SIGKILL');
  }
}

/** Resolves when the server answers. Rejects when the process has ended instead. */
async function answers(url: string, ended: Promise<unknown[]>): Promise<void> {
  for (;;) {
    const answer = fetch(`${url}/health`).catch(() => undefined);
    const gone = ended.then(([code]) => assert.fail(`it ended with ${code}`));
    if ((await Promise.race([answer, gone])) !== undefined) return;
    await setTimeout(20);
  }
}

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return String(port);
}

/** A request without a signature. */
async function refused(url: string): Promise<void> {
  const headers = {
    'Content-Type': 'application/x-amz-json-1.1',
    'X-Amz-Target': 'Kinesis_20131202.ListStreams',
  };
  const { status } = await fetch(url, { method: 'POST', headers, body: '{}' });
  assert.equal(status, 400);
}
