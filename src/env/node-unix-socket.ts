import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, lstatSync, unlinkSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { dirname } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { isSystemError } from './disk.ts';
import { StartError } from './start-error.ts';

/**
 * Has a server listen on a Unix socket that only this process's user may connect to (mode 0600). The socket
 * that a server left behind when it died is replaced. Rejects with `StartError` when a server listens there,
 * or something other than a socket is there, and with the system's error. Closing the server removes it.
 */
export async function listenAtPath(server: Server, path: string): Promise<void> {
  try {
    await begin(server, path);
  } catch (error) {
    // Node says so of a directory that is missing, too.
    if (isSystemError(error, 'EACCES') && !existsSync(dirname(path))) {
      throw new StartError(`cannot listen on ${path}: there is no such directory`);
    }
    if (!isSystemError(error, 'EADDRINUSE')) throw error;
    await using _claim = await claim(path);
    await removeStale(path);
    await begin(server, path);
  }
}

/**
 * Of servers that find the same stale socket, one may replace it: otherwise another would remove the new one.
 * The claim is a name in Linux's abstract namespace (unix(7)), which goes with the process.
 */
async function claim(path: string): Promise<AsyncDisposable | undefined> {
  if (process.platform !== 'linux') return undefined;
  const server = createServer((socket) => socket.destroy());
  server.listen(`\0millrace-socket-${createHash('sha256').update(path).digest('hex')}`);
  try {
    await once(server, 'listening');
    return server;
  } catch (error) {
    if (isSystemError(error, 'EADDRINUSE')) throw isTaken(path);
    throw error;
  }
}

function isTaken(path: string): StartError {
  return new StartError(`cannot listen on ${path}: another server does`);
}

/**
 * Node makes the socket within `listen`, so it can be made with this mode. The mask is the process's, and
 * only its main thread may change it; elsewhere the mode follows at once.
 */
async function begin(server: Server, path: string): Promise<void> {
  const listening = once(server, 'listening');
  const mask = isMainThread ? process.umask(0o177) : undefined;
  try {
    server.listen({ path, backlog: 1024 });
    if (!isMainThread && server.listening) chmodSync(path, 0o600);
  } finally {
    if (mask !== undefined) process.umask(mask);
  }
  await listening;
}

/** Nobody listens on a socket that refuses connections. */
async function removeStale(path: string): Promise<void> {
  if (!lstatSync(path).isSocket()) throw new StartError(`cannot listen on ${path}: it is not a socket`);
  const socket = connect(path);
  try {
    await once(socket, 'connect');
  } catch (error) {
    if (!isSystemError(error, 'ECONNREFUSED')) throw error;
    unlinkSync(path);
    return;
  } finally {
    socket.destroy();
  }
  throw isTaken(path);
}
