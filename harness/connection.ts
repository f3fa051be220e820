import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';

/** A body that is not kept is empty; its length is told all the same. */
export type Answer = { readonly status: number; readonly body: Buffer; readonly bodyBytes: number };

/**
 * A kept-alive HTTP/1.1 connection, one request at a time. It understands just what servers of Kinesis answer
 * with, so that the generator stays cheap next to what it measures.
 */
export class Connection {
  readonly #port: number;
  #socket: Socket;
  #connected = Promise.withResolvers<void>();
  #received: Buffer[] = [];
  #head: Head | undefined;
  #bodyLength = 0;
  #waiting: { resolve(answer: Answer): void; reject(error: Error): void } | undefined;
  #broken: Error | undefined;
  /** False leaves bodies that have a length unkept: large ones would cost the reader more than the server. */
  keepsBodies = true;

  static async open(port: number): Promise<Connection> {
    const connection = new Connection(port);
    await connection.#connected.promise;
    return connection;
  }

  /** Not all at once: a server's queue of connections that it has not looked at yet is short. */
  static async openMany(port: number, count: number): Promise<Connection[]> {
    const connections: Connection[] = [];
    while (connections.length < count) {
      const length = Math.min(openingMax, count - connections.length);
      connections.push(...(await Promise.all(Array.from({ length }, () => Connection.open(port)))));
    }
    return connections;
  }

  private constructor(port: number) {
    this.#port = port;
    this.#socket = this.#connect();
  }

  #connect(): Socket {
    // What is read goes into one buffer, and is looked at before the next read.
    const onread = {
      buffer: readBuffer,
      callback: (length: number) => {
        if (socket === this.#socket) this.#take(readBuffer.subarray(0, length));
        return true;
      },
    };
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true, onread });
    socket.on('connect', () => this.#connected.resolve());
    socket.on('error', (error) => this.#fail(socket, error));
    socket.on('close', () => this.#fail(socket, new Error('the server closed the connection')));
    return socket;
  }

  exchange(request: Uint8Array): Promise<Answer> {
    assert(this.#waiting === undefined);
    if (this.#broken) return Promise.reject(this.#broken);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    if (this.#head === undefined) {
      const received = this.#received.length === 0 ? chunk : Buffer.concat([...this.#received, chunk]);
      const end = received.indexOf('\r\n\r\n');
      if (end === -1) {
        this.#received = [Buffer.from(received)];
        return;
      }
      this.#head = parseHead(received.toString('latin1', 0, end));
      this.#received = [];
      chunk = received.subarray(end + 4);
    }
    if (this.keepsBodies || this.#head.length === 'chunked') this.#received.push(Buffer.from(chunk));
    this.#bodyLength += chunk.length;
    if (this.#isComplete(this.#head, chunk)) this.#answer(this.#head);
  }

  /** No JSON has a line break in it, so the last chunk's mark cannot be part of a chunk. */
  #isComplete(head: Head, last: Buffer): boolean {
    if (head.length !== 'chunked') return this.#bodyLength >= head.length;
    if (last.length < chunksEnd.length && this.#received.length > 1) {
      last = Buffer.concat(this.#received);
      this.#received = [last];
    }
    return last.subarray(-chunksEnd.length).equals(chunksEnd);
  }

  #answer(head: Head): void {
    const { resolve } = this.#waiting!;
    const received = this.#received.length === 1 ? this.#received[0]! : Buffer.concat(this.#received);
    const body = head.length === 'chunked' ? joinChunks(received) : received;
    const bodyBytes = head.length === 'chunked' ? body.length : this.#bodyLength;
    this.#received = [];
    this.#head = undefined;
    this.#bodyLength = 0;
    this.#waiting = undefined;
    if (head.isLast) this.#open();
    resolve({ status: head.status, body, bodyBytes });
  }

  /** The server takes no more on this connection: the next request has another one. */
  #open(): void {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#connected = { promise, resolve, reject };
    promise.catch(() => {});
    const before = this.#socket;
    this.#socket = this.#connect();
    before.destroy();
  }

  #fail(socket: Socket, error: Error): void {
    if (socket !== this.#socket) return;
    this.#broken ??= error;
    this.#connected.reject(this.#broken);
    this.#waiting?.reject(this.#broken);
    this.#waiting = undefined;
  }
}

const openingMax = 200;
const readBuffer = Buffer.allocUnsafe(256 * 1024);

type Head = {
  readonly status: number;
  readonly length: number | 'chunked';
  /** The connection ends with this answer. */
  readonly isLast: boolean;
};

function parseHead(head: string): Head {
  const status = Number(head.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length));
  const length = /\r\ncontent-length: *(\d+)/i.exec(head);
  const isLast = /\r\nconnection: *close/i.test(head);
  if (length) return { status, length: Number(length[1]), isLast };
  return { status, length: /\r\ntransfer-encoding: *chunked/i.test(head) ? 'chunked' : 0, isLast };
}

const chunksEnd = Buffer.from('0\r\n\r\n');

function joinChunks(encoded: Buffer): Buffer {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = encoded.indexOf('\r\n', at);
    const size = Number.parseInt(encoded.toString('latin1', at, lineEnd), 16);
    if (size === 0) return Buffer.concat(chunks);
    chunks.push(encoded.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}
