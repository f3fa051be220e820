import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Endpoint, Peer } from '../env/network.ts';

/** The other end of a connection. Call it once for each: it asks the system. */
export function peerOf(
  { remoteAddress = '' }: { readonly remoteAddress?: string | undefined },
  secure: boolean,
  listener: string,
): Peer {
  return { address: remoteAddress, secure, listener };
}

/** Whether a connection is encrypted with TLS. */
export function isSecure(socket: Socket): boolean {
  return socket instanceof TLSSocket;
}

/** An endpoint as URLs have it: `127.0.0.1:4567`, `[::1]:4567`. */
export function authorityOf({ host, port }: Endpoint): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
