import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Endpoint, Peer, Place } from '../env/network.ts';
import { clientCertificateOf } from './tls/client-certificate.ts';

/** The listener's part of `Peer`. */
export type Origin = Pick<Peer, 'listener' | 'vpce'>;

/** The other end of a connection. Call it once for each: it asks the system. */
export function peerOf(socket: Socket, origin: Origin): Peer {
  const { remoteAddress: address = '' } = socket;
  const secure = isSecure(socket);
  const certificate = secure ? clientCertificateOf(socket) : undefined;
  return { address, secure, ...origin, ...(certificate && { certificate }) };
}

/** What requests that come to a place are told of it. */
export function originOf(place: Place): Origin {
  const { name } = place;
  const listener = 'path' in place ? `unix:${place.path}` : authorityOf(place);
  return { listener, ...(name !== undefined && { vpce: name }) };
}

/** Whether a connection is encrypted with TLS. */
function isSecure(socket: Socket): socket is TLSSocket {
  return socket instanceof TLSSocket;
}

/** An endpoint as URLs have it: `127.0.0.1:4567`, `[::1]:4567`. */
export function authorityOf({ host, port }: Endpoint): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
