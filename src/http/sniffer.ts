import type { Server } from 'node:http';
import type { Http2Server } from 'node:http2';
import type { Socket } from 'node:net';
import { detached } from '../env/detached.ts';
import type { OpenConnections } from './connection-limit.ts';
import { Deadline, type Deadlines } from './deadlines.ts';
import type { FastHttp1 } from './fast-http1.ts';
import { type HttpContext, headerTimeoutMs } from './http-context.ts';
import type { TlsAcceptor } from './tls/tls-acceptor.ts';

/**
 * Hears a connection's first bytes and hands it, with them, to the server of their protocol. What comes out
 * of TLS is heard again: its bytes decide, whatever was negotiated, because some clients of HTTP/2 negotiate
 * nothing.
 */
export class Sniffer {
  readonly #serve: { readonly [Name in Protocol]: (socket: Socket, heard: Buffer) => void };
  readonly #deadlines: Deadlines;
  readonly #failed: HttpContext['failed'];
  /** Connections whose protocol is not known yet. */
  readonly #silent = new Set<Socket>();
  #isClosed = false;

  /** Takes the connections that come to a port. */
  constructor(
    port: Server,
    connections: OpenConnections,
    speakers: Speakers,
    { deadlines, failed }: Pick<HttpContext, 'deadlines' | 'failed'>,
  ) {
    const { http1, http2, acceptor } = speakers;
    port.on('connection', (socket: Socket) => {
      if (connections.take(socket)) this.#listen(socket, protocolOf);
    });
    this.#serve = {
      http1: (socket, heard) => http1.serve(socket, heard),
      http2: (socket, heard) => {
        socket.unshift(heard);
        // HTTP/1.1 sockets may be half open. An HTTP/2 client that has ended its half has gone, also from
        // what waits for its window.
        socket.allowHalfOpen = false;
        http2.emit('connection', socket);
      },
      tls: (socket, heard) => {
        socket.unshift(heard);
        detached(
          acceptor.accept(socket, (inside) => this.#listen(inside, versionOf)),
          (error) => this.#fail(socket, error),
        );
      },
    };
    this.#deadlines = deadlines;
    this.#failed = failed;
  }

  /** Ends the connections that have sent nothing yet. */
  close(): void {
    this.#isClosed = true;
    for (const socket of this.#silent) socket.destroy();
  }

  #listen(socket: Socket, understand: (bytes: Buffer) => Protocol | undefined): void {
    let heard: Buffer | undefined;
    const hear = () => {
      const bytes: Buffer | null = socket.read();
      if (bytes === null) return;
      heard = heard === undefined ? bytes : Buffer.concat([heard, bytes]);
      const protocol = understand(heard);
      if (protocol === undefined) return;
      done();
      try {
        this.#serve[protocol](socket, heard);
      } catch (error) {
        this.#fail(socket, error);
      }
    };
    const give = () => socket.destroy();
    const silence = new Deadline(give);
    const done = () => {
      this.#silent.delete(socket);
      this.#deadlines.delete(silence);
      socket.off('readable', hear).off('end', give).off('close', done);
    };
    this.#silent.add(socket);
    this.#deadlines.add(silence, headerTimeoutMs);
    // For as long as the socket lives: its close follows, and says the same.
    socket.on('error', ignore);
    socket.on('readable', hear).on('end', give).on('close', done);
    if (this.#isClosed) give();
  }

  #fail(socket: Socket, error: unknown): void {
    this.#failed(error);
    socket.destroy();
  }
}

function ignore(): void {}

/** The servers of the protocols. */
type Speakers = { readonly http1: FastHttp1; readonly http2: Http2Server; readonly acceptor: TlsAcceptor };

type Protocol = 'http1' | 'http2' | 'tls';

/** Undefined while the bytes may become either. */
function protocolOf(bytes: Buffer): Protocol | undefined {
  return bytes[0] === handshakeRecord ? 'tls' : versionOf(bytes);
}

/** The same for bytes that are not encrypted, or no longer. */
function versionOf(bytes: Buffer): 'http1' | 'http2' | undefined {
  const length = Math.min(bytes.length, preface.length);
  if (preface.compare(bytes, 0, length, 0, length) !== 0) return 'http1';
  return length === preface.length ? 'http2' : undefined;
}

/** How a TLS connection begins (RFC 8446 §5.1), and no HTTP request does. */
const handshakeRecord = 0x16;

/** How an HTTP/2 connection begins (RFC 9113 §3.4). The rest of the preface is HTTP/2's to check. */
const preface = Buffer.from('PRI * HTTP/2.0\r\n');
