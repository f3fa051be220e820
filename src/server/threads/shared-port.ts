import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { isSystemError } from '../../env/disk.ts';
import type { Endpoint } from '../../env/network.ts';

/** Whether several listeners may take connections from one port (SO_REUSEPORT with the kernel spreading them: Linux, some BSDs). */
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
 * An endpoint that nobody listens on: the port asked for, or any free one for 0. Rejects with the system's error. A port
 * that is shared can be shared by another server too, which would then get half of this one's requests: so it is
 * taken for oneself once before it is shared.
 */
export function findPort(endpoint: Endpoint): Promise<Endpoint> {
  return listenOnce(endpoint, false);
}

async function listenOnce({ host, port }: Endpoint, reusePort: boolean): Promise<Endpoint> {
  const server = createServer();
  server.listen({ host, port, reusePort });
  await once(server, 'listening');
  const bound = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return { host: bound.address, port: bound.port };
}
