import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';

export type Answer = { readonly status: number; readonly body: Buffer };

/**
 * A kept-alive HTTP/1.1 connection, one request at a time. It understands just what servers of Kinesis answer
 * with, so that the generator stays cheap next to what it measures.
 */
export class Connection {
  readonly #socket: Socket;
  #received: Buffer[] = [];
  #head: Head | undefined;
  #bodyLength = 0;
  #waiting: { resolve(answer: Answer): void; reject(error: Error): void } | undefined;
  #broken: Error | undefined;

  static open(port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new Connection(socket));
      });
    });
  }

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the server closed the connection')));
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
        this.#received = [received];
        return;
      }
      this.#head = parseHead(received.toString('latin1', 0, end));
      this.#received = [];
      chunk = received.subarray(end + 4);
    }
    this.#received.push(chunk);
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
    const body = this.#received.length === 1 ? this.#received[0]! : Buffer.concat(this.#received);
    this.#received = [];
    this.#head = undefined;
    this.#bodyLength = 0;
    this.#waiting = undefined;
    resolve({ status: head.status, body: head.length === 'chunked' ? joinChunks(body) : body });
  }

  #fail(error: Error): void {
    this.#broken ??= error;
    this.#waiting?.reject(this.#broken);
    this.#waiting = undefined;
  }
}

type Head = { readonly status: number; readonly length: number | 'chunked' };

function parseHead(head: string): Head {
  const status = Number(head.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length));
  const length = /\r\ncontent-length: *(\d+)/i.exec(head);
  if (length) return { status, length: Number(length[1]) };
  return { status, length: /\r\ntransfer-encoding: *chunked/i.test(head) ? 'chunked' : 0 };
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
