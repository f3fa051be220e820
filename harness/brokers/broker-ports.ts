import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { BrokerPorts } from './broker-settings.ts';

/** Ports of the command, as in compose.yaml: 19092, 29092, 39092 for clients. */
export const fixedPorts: readonly BrokerPorts[] = [1, 2, 3].map((id) => ({
  clients: id * 10_000 + 9092,
  quorum: id * 10_000 + 9093,
}));

/**
 * Ports of loopback that nobody listens on now, below those that systems give away by themselves (Linux: from
 * 32768 on): a broker takes seconds until it has its own, and another program may be given it meanwhile.
 */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(firstPort, endPort);
    if ((await takenPorts([port])).length === 0) ports.add(port);
  }
  return [...ports];
}

const firstPort = 10_000;
const endPort = 32_000;

/** Which of these ports somebody listens on. */
export async function takenPorts(ports: readonly number[]): Promise<number[]> {
  const taken = await Promise.all(
    ports.map(async (port) => {
      const server = createServer();
      try {
        server.listen(port, '127.0.0.1');
        await once(server, 'listening');
        await once(server.close(), 'close');
        return [];
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return [port];
        throw error;
      }
    }),
  );
  return taken.flat();
}
