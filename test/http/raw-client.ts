import { connect, type Socket } from 'node:net';
import type { Clock } from '../../src/env/clock.ts';
import { type LogFields, silentLogger } from '../../src/env/logger.ts';
import type { Handler, Identity, Listening, Share } from '../../src/env/network.ts';
import { nodeClock } from '../../src/env/node-clock.ts';
import { nodeNetwork } from '../../src/http/listener.ts';

/** A listener on a free port, closed at the end of the block. */
export async function listen(
  handle: Handler,
  logged: string[] = [],
  clock: Clock = nodeClock,
  identity?: Identity,
): Promise<Listening & AsyncDisposable> {
  const error = (message: string, _fields?: LogFields) => void logged.push(message);
  const listening = await nodeNetwork(clock, { ...silentLogger, error }).listen(
    { host: '127.0.0.1', port: 0 },
    handle,
    identity,
  );
  const { endpoint } = listening;
  const close = () => listening.close();
  const shed = () => listening.shed();
  return { endpoint, shed, close, [Symbol.asyncDispose]: close };
}

/** A share of a process in which bodies may take so many bytes. */
export function shareWith(freeBytes: number): Share {
  return {
    freeBytes: new Int32Array([freeBytes]),
    unsentBytes: new Int32Array([1_000_000]),
    openConnections: new Int32Array(1),
    connectionsMax: 1_000,
    reusePort: false,
  };
}

/** Answers what it got, so that a test sees what the listener made of it. */
export const echo: Handler = async ({ method, target, rawHeaders, body }) => ({
  status: 200,
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({
    method,
    target,
    rawHeaders,
    length: body.length,
    body: body.toString('latin1', 0, 100),
  }),
});

export type Echoed = { method: string; target: string; rawHeaders: string[]; length: number; body: string };

/** A connection that says exactly what it is told to, and remembers what it heard. */
export class RawClient {
  readonly socket: Socket;
  readonly ended: Promise<void>;
  heard = '';

  constructor({ endpoint }: Pick<Listening, 'endpoint'>) {
    this.socket = connect(endpoint.port, endpoint.host);
    this.socket.on('data', (bytes) => {
      this.heard += bytes.toString('latin1');
    });
    this.socket.on('error', () => {});
    this.ended = new Promise((resolve) => this.socket.once('close', () => resolve()));
  }

  say(text: string | Buffer): this {
    this.socket.write(text);
    return this;
  }

  /** Resolves once a text was heard; rejects when the connection ends before. */
  async hear(text: string): Promise<string> {
    while (!this.heard.includes(text)) {
      const more = new Promise<true>((resolve) => this.socket.once('data', () => resolve(true)));
      if (!(await Promise.race([more, this.ended.then(() => false)])) && !this.heard.includes(text)) {
        throw new Error(`the connection ended without '${text}' after: ${this.heard}`);
      }
    }
    return this.heard;
  }

  /** Everything that was heard until the server ended the connection. */
  async all(): Promise<string> {
    await this.ended;
    return this.heard;
  }
}
