import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { listenAtPath } from '../../src/env/node-unix-socket.ts';
import { temporaryDirectory } from '../server/process.ts';

test('only the user of the process may connect, and the socket goes with the server', async () => {
  using place = socketPlace();
  const mask = process.umask(0);
  try {
    await using _ = await listening(place.path);
    assert.equal(process.umask(), 0);
    assert.equal(statSync(place.path).mode & 0o777, 0o600);
  } finally {
    process.umask(mask);
  }
  assert.ok(!existsSync(place.path));
});

test('the socket of a server that died is replaced', async () => {
  using place = socketPlace();
  leave(place.path);
  await using _ = await listening(place.path);
  await connects(place.path);
});

test('of servers that find such a socket at once, one listens', async () => {
  using place = socketPlace();
  leave(place.path);
  const begun = await Promise.allSettled(Array.from({ length: 4 }, () => listening(place.path)));
  await using servers = new AsyncDisposableStack();
  for (const each of begun) if (each.status === 'fulfilled') servers.use(each.value);
  const reasons = begun.flatMap((each) => (each.status === 'rejected' ? [each.reason.message] : []));
  assert.deepEqual(reasons, new Array(3).fill(`cannot listen on ${place.path}: another server does`));
  await connects(place.path);
});

test('a socket on which another server listens is left alone, and so is what is no socket', async () => {
  using place = socketPlace();
  const { path } = place;
  {
    await using _ = await listening(path);
    const refused = { name: 'StartError', message: `cannot listen on ${path}: another server does` };
    await assert.rejects(listening(path), refused);
    await connects(path);
  }
  writeFileSync(path, 'dear to somebody');
  const noSocket = { name: 'StartError', message: `cannot listen on ${path}: it is not a socket` };
  await assert.rejects(listening(path), noSocket);
  assert.equal(statSync(path).size, 16);
  await assert.rejects(listening(`${path}s/x`), /no such directory/);
});

test('in another thread than the first the mode is the same', async () => {
  using place = socketPlace();
  const module = JSON.stringify(new URL('../../src/env/node-unix-socket.ts', import.meta.url).href);
  const program = `
    const { parentPort } = require('node:worker_threads');
    const server = require('node:http').createServer();
    import(${module}).then(({ listenAtPath }) => listenAtPath(server, ${JSON.stringify(place.path)}))
      .then(() => parentPort.postMessage('listens'));`;
  const worker = new Worker(program, { eval: true });
  await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  assert.equal(statSync(place.path).mode & 0o777, 0o600);
  await worker.terminate();
});

/** Has a server listen there, and die. */
function leave(path: string): void {
  const die = "() => process.kill(process.pid, 'SIGKILL')";
  const program = `require('node:net').createServer().listen(${JSON.stringify(path)}, ${die})`;
  spawnSync(process.execPath, ['-e', program]);
  assert.ok(existsSync(path));
}

/** Closed at the end of the block, and at the end of the test whatever becomes of it. */
async function listening(path: string): Promise<AsyncDisposable> {
  const server = createServer();
  await listenAtPath(server, path);
  server.unref();
  return {
    [Symbol.asyncDispose]: async () => {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function connects(path: string): Promise<void> {
  const client = connect(path);
  try {
    await once(client, 'connect');
  } finally {
    client.destroy();
  }
}

function socketPlace(): Disposable & { readonly path: string } {
  const directory = temporaryDirectory();
  return {
    path: join(directory.path, 'socket'),
    [Symbol.dispose]: () => directory[Symbol.dispose](),
  };
}
