import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { Clock, Millis } from '../env/clock.ts';
import { isSystemError } from '../env/disk.ts';
import type { Endpoint } from '../env/network.ts';

/**
 * Whether several listeners may take connections from one port (SO_REUSEPORT with the kernel spreading them:
 * Linux, some BSDs).
 */
export async function canSharePorts(): Promise<boolean> {
  try {
    await listenOnce({ host: '127.0.0.1', port: 0 }, true);
    return true;
  } catch (error) {
    if (isSystemError(error, 'ENOTSUP')) return false;
    throw error;
  }
}

/**
 * Has `listen` share an endpoint on which no server listens: the port asked for, or any free one for 0.
 * Rejects with the system's error, and with what `listen` rejects with. A port that is shared can be shared
 * by another server too, which would then get half of this one's requests. So it is first taken exclusively;
 * and from then until it is shared, no other server that does the same can share it.
 */
export async function sharePort<T>(
  { host, port }: Endpoint,
  clock: Clock,
  listen: (bound: Endpoint) => Promise<T>,
): Promise<T> {
  for (;;) {
    const free = await listenOnce({ host, port }, false);
    await using claim = new AsyncDisposableStack();
    try {
      claim.use(await claimPort(free.port, clock, port === 0 ? 0 : claimMsMax));
      await listenOnce({ host, port: free.port }, false);
    } catch (error) {
      // Any other free port will do.
      if (port === 0 && isSystemError(error, 'EADDRINUSE')) continue;
      throw error;
    }
    return await listen(free);
  }
}

/**
 * Claims a port, once no other server has claimed it; rejects with EADDRINUSE when that takes longer. The
 * claim is a name in Linux's abstract namespace (unix(7)): it ends with the process, leaves no file, and is
 * of a network namespace, as ports are. Other systems have none.
 */
async function claimPort(port: number, clock: Clock, patience: Millis): Promise<AsyncDisposable> {
  if (process.platform !== 'linux') return { [Symbol.asyncDispose]: async () => {} };
  const deadline = clock.monotonic() + patience;
  for (;;) {
    const server = createServer((socket) => socket.destroy());
    server.listen(`\0millrace-port-${port}`);
    try {
      await once(server, 'listening');
      return server;
    } catch (error) {
      if (!isSystemError(error, 'EADDRINUSE') || clock.monotonic() >= deadline) throw error;
    }
    await clock.sleep(claimLookMs);
  }
}

/** Threads may take this long to listen, on a busy machine. */
const claimMsMax = 60_000;
const claimLookMs = 20;

async function listenOnce({ host, port }: Endpoint, reusePort: boolean): Promise<Endpoint> {
  const server = createServer();
  server.listen({ host, port, reusePort });
  await once(server, 'listening');
  const bound = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return { host: bound.address, port: bound.port };
}
