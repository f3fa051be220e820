import type { Socket } from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';
import type { Logger } from '../../env/logger.ts';
import type { Identity } from '../../env/network.ts';

/** Accepts connections that begin with TLS. */
export class TlsAcceptor {
  readonly #identity: Identity | undefined;
  readonly #logger: Logger;

  /** Without an identity every connection is refused. */
  constructor(identity: Identity | undefined, logger: Logger) {
    this.#identity = identity;
    this.#logger = logger;
  }

  /**
   * Hands on the inside of a connection, before the handshake: it is silent until then, and `hear` decides
   * how long to wait for both. Hangs up when there is no certificate to show.
   */
  async accept(socket: Socket, hear: (inside: Socket) => void): Promise<void> {
    const secureContext = await this.#context();
    if (secureContext === undefined) socket.destroy();
    if (socket.destroyed) return;
    const inside = new TLSSocket(socket, { isServer: true, secureContext, ALPNProtocols: protocols });
    inside.on('error', (error) => this.#logger.debug('a TLS connection failed', { error }));
    // This event tells Node's TLS server what goes wrong after the handshake. A TLSSocket made without that
    // server needs a listener of its own.
    inside.on('_tlsError', (error: Error) => inside.destroy(error));
    // Each costs a handshake, and no client needs one: HTTP/2 forbids it (RFC 9113 §9.2.1), TLS 1.3 has none.
    inside.disableRenegotiation();
    inside.once('secure', () => Object.assign(inside, asNegotiated));
    hear(inside);
  }

  /** Undefined when there is no certificate: the disk may fail while one is made. */
  async #context(): Promise<SecureContext | undefined> {
    try {
      return await this.#identity?.();
    } catch (error) {
      this.#logger.error('there is no certificate to show', { error });
      return undefined;
    }
  }
}

/**
 * What Node's own TLS server would say of a socket after the handshake, and Node's HTTP/2 relies on. A client
 * that speaks HTTP/2 is given HTTP/2, also if it was not negotiated.
 */
const asNegotiated = { secureConnecting: false, alpnProtocol: 'h2' };

/** In the order of preference. */
const protocols = ['h2', 'http/1.1'];
