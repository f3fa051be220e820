import { hostAndPortIn } from '../http/places.ts';
import { hostOfMachine } from '../http/tls/names-of-machine.ts';
import type { ServerOptions } from './options.ts';

/**
 * Where a server listens for the others of its cluster, and how these reach it once it is known where that
 * is.
 */
export function peerPlaces({
  host,
  peerListen,
  peerAddress,
}: Pick<ServerOptions, 'host' | 'peerListen' | 'peerAddress'>): {
  readonly listenAt: string;
  readonly addressAt: (listening: string) => string;
} {
  return {
    listenAt: peerListen ?? addressOf(host, 0),
    addressAt: (listening) => peerAddress ?? reachable(listening),
  };
}

/** All addresses of a machine are none that others could use. */
function reachable(listening: string): string {
  const { host, port } = hostAndPortIn(listening)!;
  return addressOf(hostOfMachine(host), port);
}

function addressOf(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
