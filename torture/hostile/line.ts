import { connect, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { connect as connectTls, type TLSSocket } from 'node:tls';

/** How a line is opened. */
export type LineOptions = {
  readonly port: number;
  /**
   * Whether TLS is spoken. The certificate is not checked: the server's identity is not the question here.
   */
  readonly secure?: boolean;
  /** False hears nothing until `listen`: what the server says stays in the kernel, and then in the server. */
  readonly hears?: boolean;
  readonly tlsVersionMax?: 'TLSv1.2' | 'TLSv1.3';
  /** TCP stays when TLS on it has failed here: it is for the server to end. */
  readonly outlivesTls?: boolean;
};

/** A connection that says exactly what it is told to. It has no manners of its own: no HTTP, no patience. */
export class Line {
  /** The TCP connection, below TLS where there is TLS. */
  readonly tcp: Socket;
  /** Where bytes are said: the same, or TLS on it. */
  readonly socket: Socket;
  /** Resolves when the connection is over, whichever side ended it. */
  readonly closed: Promise<void>;
  isClosed = false;
  /** The beginning of what was heard. */
  heard: Buffer = Buffer.alloc(0);
  heardBytes = 0;
  #onBytes: ((bytes: Buffer) => void) | undefined;
  #wake = Promise.withResolvers<void>();

  /** Resolves when bytes can be said; a line that cannot be opened is closed. */
  static async open(options: LineOptions): Promise<Line> {
    const line = new Line(options);
    const event = options.secure ? 'secureConnect' : 'connect';
    const opened = new Promise<void>((resolve) => line.socket.once(event, resolve));
    await Promise.race([opened, line.closed]);
    return line;
  }

  private constructor({ port, secure = false, hears = true, ...options }: LineOptions) {
    const { tlsVersionMax: maxVersion = 'TLSv1.3', outlivesTls = false } = options;
    this.tcp = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
    this.socket = secure
      ? connectTls({ socket: through(this.tcp), rejectUnauthorized: false, maxVersion })
      : this.tcp;
    // Whatever goes wrong closes it, and that is looked at. When the server has said its last, nothing more
    // is said here.
    this.tcp.on('error', ignore);
    this.socket.on('error', ignore).on('end', () => this.socket.destroy());
    if (outlivesTls) this.tcp.on('end', () => this.tcp.destroy());
    else this.socket.on('close', () => this.tcp.destroy());
    this.closed = new Promise((resolve) => {
      this.tcp.once('close', () => {
        this.isClosed = true;
        this.#stir();
        resolve();
      });
    });
    if (hears) this.listen();
  }

  readonly #hear = (bytes: Buffer): void => {
    if (this.heard.length < keptBytes) this.heard = Buffer.concat([this.heard, bytes]);
    this.heardBytes += bytes.length;
    this.#onBytes?.(bytes);
    this.#stir();
  };

  listen(): void {
    this.socket.on('data', this.#hear).resume();
  }

  /** What comes from now on stays in the kernel, and then in the server. */
  stopListening(): void {
    this.socket.off('data', this.#hear);
    this.socket.pause();
  }

  #stir(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }

  /** Calls for all bytes from now on. */
  follow(onBytes: (bytes: Buffer) => void): void {
    this.#onBytes = onBytes;
  }

  get asTls(): TLSSocket {
    return this.socket as TLSSocket;
  }

  say(bytes: Uint8Array | string): void {
    if (!this.isClosed) this.socket.write(bytes);
  }

  /** Resolves when what was said is on its way, or nothing is any more. */
  async drained(): Promise<void> {
    if (!this.socket.writableNeedDrain || this.isClosed) return;
    const drained = new Promise<void>((resolve) => this.socket.once('drain', resolve));
    await Promise.race([drained, this.closed]);
  }

  /** Every byte by itself, each in a packet and, where there is TLS, in a record of its own. */
  async sayByteByByte(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length && !this.isClosed; at++) {
      this.socket.write(bytes.subarray(at, at + 1));
      await turn();
    }
  }

  /** Says below TLS, where the server expects a record of it. */
  sayBelow(bytes: Uint8Array): void {
    if (!this.isClosed) this.tcp.write(bytes);
  }

  /** Whether a text is heard in so many milliseconds. */
  async hears(text: string, withinMs: number): Promise<boolean> {
    return await this.waitsFor(() => this.heard.includes(text, 0, 'latin1'), withinMs);
  }

  /**
   * Whether something comes to be true of what was heard. It is looked at when bytes come and when the line
   * closes.
   */
  async waitsFor(isSo: () => boolean, withinMs: number): Promise<boolean> {
    const over = { isOver: false };
    const timer = setTimeout(() => {
      over.isOver = true;
      this.#stir();
    }, withinMs);
    while (!isSo() && !this.isClosed && !over.isOver) await this.#wake.promise;
    clearTimeout(timer);
    return isSo();
  }

  /** Whether the server ends it in so many milliseconds. */
  async endsWithin(withinMs: number): Promise<boolean> {
    await this.waitsFor(() => this.isClosed, withinMs);
    return this.isClosed;
  }

  /** FIN: says that it says no more. The server may still answer. */
  leave(): void {
    if (!this.isClosed) this.socket.end();
  }

  /** RST: gone, in the middle of anything. */
  reset(): void {
    if (this.tcp.destroyed) return;
    this.tcp.resetAndDestroy();
    this.socket.destroy();
  }
}

/** Enough for heads and the first frames. */
const keptBytes = 16 * 1024;

/**
 * The same bytes, as a stream that is no socket. TLS takes a socket's handle for its own, and a reset of TCP
 * from beside it can then end the process in memory that was freed (seen with Node 26.10 after a
 * renegotiation).
 */
function through(tcp: Socket): Duplex {
  const stream = new Duplex({
    read: () => void tcp.resume(),
    write: (bytes, _encoding, done) => void tcp.write(bytes, () => done()),
    final: (done) => void tcp.end(() => done()),
  });
  tcp.on('data', (bytes) => {
    if (!stream.destroyed && !stream.push(bytes)) tcp.pause();
  });
  tcp.on('end', () => void stream.push(null));
  tcp.on('close', () => stream.destroy());
  stream.on('close', () => tcp.resume());
  return stream;
}

/** The close that follows says the same. */
function ignore(): void {}
