import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { BrokerPorts } from './broker-settings.ts';

/** Ports of the command, as in compose.yaml: 19092, 29092, 39092 for clients. */
export const fixedPorts: readonly BrokerPorts[] = [1, 2, 3].map((id) => ({
  clients: id * 10_000 + 9092,
  quorum: id * 10_000 + 9093,
}));

/** Ports of loopback that nobody listens on now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

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
