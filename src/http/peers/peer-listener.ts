import { once } from 'node:events';
import {
  createSecureServer,
  type Http2SecureServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import type { Millis } from '../../env/clock.ts';
import { detached, unthinkable } from '../../env/detached.ts';
import type { PeerIdentity, PeerListening } from '../../env/peers.ts';
import type { Port } from '../../env/workers.ts';
import {
  helloOf,
  refusalHeaders,
  sessionMiBMax,
  sessionSettings,
  tlsOf,
  welcomeHeaders,
  widenWindow,
} from './peer-hello.ts';
import { PeerPort, type PeerWorld } from './peer-port.ts';

type Accept = (port: Port, member: string) => void;

/**
 * Takes connections of gateways. A stranger is shown a certificate that names nothing, and costs a handshake:
 * before its own certificate was verified, not a byte of what it says is looked at.
 */
export class PeerListener implements PeerListening {
  readonly #server: Http2SecureServer;
  readonly #world: PeerWorld;
  readonly #accept: Accept;
  readonly #sessions = new Set<ServerHttp2Session>();
  /** Connections that nobody has proved anything on, the oldest first. */
  readonly #strangers = new Set<Socket>();
  #identity: PeerIdentity;
  #address = '';

  constructor(identity: PeerIdentity, accept: Accept, world: PeerWorld) {
    this.#identity = identity;
    this.#accept = accept;
    this.#world = world;
    this.#server = createSecureServer({
      ...tlsOf(identity),
      ...{ requestCert: true, ALPNProtocols: ['h2'], handshakeTimeout: handshakeMsMax },
      settings: { ...sessionSettings, maxConcurrentStreams: 1 },
      ...{ maxSessionMemory: sessionMiBMax, maxSessionInvalidFrames: 1, maxSessionRejectedStreams: 1 },
    });
    const { logger } = world;
    this.#server
      .on('connection', (socket: Socket) => this.#mindStranger(socket))
      .on('secureConnection', (socket: Socket) => this.#greet(socket))
      .on('unknownProtocol', (socket: Socket) => socket.destroy())
      .on('tlsClientError', (error) => logger.debug('a stranger was refused', { error }))
      .on('sessionError', (error) => logger.debug('a session of a gateway failed', { error }))
      .on('session', (session) => this.#serve(session));
  }

  get address(): string {
    return this.#address;
  }

  /** Rejects with the system's error. */
  async listen(asked: string): Promise<void> {
    const { hostname, port: askedPort } = new URL(`tcp://${asked}`);
    const host = hostname.replace(/^\[|\]$/g, '');
    this.#server.listen({ host, port: Number(askedPort), backlog: 128 });
    await once(this.#server, 'listening');
    const { address, family, port } = this.#server.address() as AddressInfo;
    this.#address = family === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`;
  }

  renew(identity: PeerIdentity): void {
    this.#identity = identity;
    this.#server.setSecureContext(tlsOf(identity));
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      for (const session of this.#sessions) session.destroy();
      for (const socket of this.#strangers) socket.destroy();
    });
  }

  /** Whoever holds connections without proving anything loses the oldest, and keeps no gateway out. */
  #mindStranger(socket: Socket): void {
    this.#strangers.add(socket);
    socket.once('close', () => this.#strangers.delete(socket));
    if (this.#strangers.size <= strangersMax) return;
    for (const oldest of this.#strangers) {
      oldest.destroy();
      return;
    }
  }

  /** The handshake has proved that it is a gateway of the cluster. */
  #greet(inside: Socket): void {
    const place = `${inside.remoteAddress}:${inside.remotePort}`;
    for (const socket of this.#strangers) {
      if (`${socket.remoteAddress}:${socket.remotePort}` === place) this.#strangers.delete(socket);
    }
  }

  #serve(session: ServerHttp2Session): void {
    this.#sessions.add(session);
    widenWindow(session);
    const begun = new AbortController();
    session.once('close', () => {
      this.#sessions.delete(session);
      begun.abort();
    });
    session.on('error', (error) => this.#world.logger.debug('a session of a gateway failed', { error }));
    session.once('stream', (stream, headers) => {
      begun.abort();
      this.#begin(session, stream, headers);
    });
    detached(this.#endIfSilent(session, begun.signal), unthinkable);
  }

  async #endIfSilent(session: ServerHttp2Session, begun: AbortSignal): Promise<void> {
    await this.#world.clock.sleep(handshakeMsMax, begun);
    if (!begun.aborted) session.destroy();
  }

  #begin(session: ServerHttp2Session, stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    const hello = helloOf(headers);
    if ('refusal' in hello) {
      this.#world.logger.error('another gateway was refused', {
        reason: hello.refusal,
        address: session.socket.remoteAddress,
      });
      stream.on('error', ignore);
      stream.respond(refusalHeaders(), { endStream: true });
      stream.once('close', () => session.close());
      return;
    }
    stream.respond(welcomeHeaders(this.#identity));
    this.#accept(new PeerPort(session, stream, this.#world), hello.member);
  }
}

function ignore(): void {}

/** For the handshake, and for the first request after it. */
const handshakeMsMax: Millis = 5_000;

/** Gateways prove who they are within milliseconds. */
const strangersMax = 64;
