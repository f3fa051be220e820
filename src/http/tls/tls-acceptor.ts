import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Logger } from '../../env/logger.ts';
import type { Identity, ServerContext } from '../../env/network.ts';

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
    if (secureContext === undefined || socket.destroyed) return;
    const { clients } = secureContext;
    const inside = new TLSSocket(socket, {
      ...{ isServer: true, secureContext, ALPNProtocols: protocols },
      ...{ requestCert: clients !== undefined, rejectUnauthorized: clients === 'required' },
    }) as Inside;
    inside.on('error', (error) => this.#logger.debug('a TLS connection failed', { error }));
    // This event tells Node's TLS server what goes wrong after the handshake. A TLSSocket made without that
    // server needs a listener of its own.
    inside.on('_tlsError', (error: Error) => inside.destroy(error));
    // Each costs a handshake, and no client needs one: HTTP/2 forbids it (RFC 9113 §9.2.1), TLS 1.3 has none.
    inside.disableRenegotiation();
    inside.once('secure', () => {
      Object.assign(inside, asNegotiated);
      if (clients !== undefined) this.#verifyClient(inside);
    });
    hear(inside);
  }

  /**
   * A certificate that does not verify ends the connection before a byte of a request is read. OpenSSL has
   * looked at it in the handshake: chain, dates, revocation, and whether it is for clients.
   */
  #verifyClient(inside: Inside): void {
    if (inside.getPeerX509Certificate() === undefined) return;
    const error = inside._handle.verifyError();
    if (error === null || error === undefined) {
      inside.authorized = true;
      return;
    }
    this.#logger.debug("a client's certificate was refused", { error });
    inside.destroy();
  }

  /** Undefined when there is no certificate: the disk may fail while one is made. */
  async #context(): Promise<ServerContext | undefined> {
    try {
      return await this.#identity?.();
    } catch (error) {
      this.#logger.error('there is no certificate to show', { error });
      return undefined;
    }
  }
}

/** What Node's own TLS server asks after a handshake; a socket has no public way to. */
type Inside = TLSSocket & { readonly _handle: { verifyError(): Error | null | undefined } };

/**
 * What Node's own TLS server would say of a socket after the handshake, and Node's HTTP/2 relies on. A client
 * that speaks HTTP/2 is given HTTP/2, also if it was not negotiated.
 */
const asNegotiated = { secureConnecting: false, alpnProtocol: 'h2' };

/** In the order of preference. */
const protocols = ['h2', 'http/1.1'];
