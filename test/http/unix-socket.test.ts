import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { listenAtPath } from '../../src/http/unix-socket.ts';
import { temporaryDirectory } from '../server/process.ts';

test('only the user of the process may connect, and the socket goes with the server', async () => {
  using place = socketPlace();
  const mask = process.umask(0);
  const server = createServer();
  try {
    await listenAtPath(server, place.path);
    assert.equal(process.umask(), 0);
  } finally {
    process.umask(mask);
  }
  assert.equal(statSync(place.path).mode & 0o777, 0o600);
  await new Promise((resolve) => server.close(resolve));
  assert.ok(!existsSync(place.path));
});

test('the socket of a server that died is replaced', async () => {
  using place = socketPlace();
  leave(place.path);
  const server = createServer();
  await listenAtPath(server, place.path);
  const client = connect(place.path);
  await new Promise((resolve) => client.once('connect', resolve));
  client.destroy();
  await new Promise((resolve) => server.close(resolve));
});

test('of servers that find such a socket at once, one listens', async () => {
  using place = socketPlace();
  leave(place.path);
  const servers = Array.from({ length: 4 }, () => createServer());
  const begun = await Promise.allSettled(servers.map((server) => listenAtPath(server, place.path)));
  const reasons = begun.flatMap((each) => (each.status === 'rejected' ? [each.reason.message] : []));
  assert.deepEqual(reasons, new Array(3).fill(`cannot listen on ${place.path}: another server does`));
  const client = connect(place.path);
  await new Promise((resolve, reject) => client.once('connect', resolve).once('error', reject));
  client.destroy();
  for (const server of servers.filter(({ listening }) => listening)) {
    await new Promise((resolve) => server.close(resolve));
  }
});

test('a socket on which another server listens is left alone, and so is what is no socket', async () => {
  using place = socketPlace();
  const first = createServer();
  await listenAtPath(first, place.path);
  const refused = { name: 'StartError', message: `cannot listen on ${place.path}: another server does` };
  await assert.rejects(listenAtPath(createServer(), place.path), refused);
  assert.ok(existsSync(place.path));
  await new Promise((resolve) => first.close(resolve));

  writeFileSync(place.path, 'dear to somebody');
  const noSocket = { name: 'StartError', message: `cannot listen on ${place.path}: it is not a socket` };
  await assert.rejects(listenAtPath(createServer(), place.path), noSocket);
  assert.equal(statSync(place.path).size, 16);
  await assert.rejects(listenAtPath(createServer(), `${place.path}s/x`), /no such directory/);
});

test('in another thread than the first the mode is the same', async () => {
  using place = socketPlace();
  const module = JSON.stringify(new URL('../../src/http/unix-socket.ts', import.meta.url).href);
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

function socketPlace(): Disposable & { readonly path: string } {
  const directory = temporaryDirectory();
  return {
    path: join(directory.path, 'socket'),
    [Symbol.dispose]: () => directory[Symbol.dispose](),
  };
}
