import type { Socket } from 'node:net';
import { FastConnection } from './fast-connection.ts';
import type { HttpContext } from './http-context.ts';

/**
 * HTTP/1.1 for connections that carry nothing but requests of the fast path, as those of AWS's clients do: at
 * a fraction of what node:http costs for a small one. At the first other request a connection is node:http's
 * for good.
 */
export class FastHttp1 {
  readonly #context: HttpContext;
  readonly #handOver: (socket: Socket) => void;
  readonly #connections = new Set<FastConnection>();

  constructor(context: HttpContext, handOver: (socket: Socket) => void) {
    this.#context = context;
    this.#handOver = handOver;
  }

  /** Serves a connection whose first bytes are these. */
  serve(socket: Socket, heard: Buffer): void {
    const connection = new FastConnection(socket, this.#context, {
      handOver: this.#handOver,
      done: () => this.#connections.delete(connection),
    });
    this.#connections.add(connection);
    connection.hear(heard);
  }

  /** Ends all connections, or with `onlyIdle` those on which no request is under way. */
  close(onlyIdle: boolean): void {
    for (const connection of this.#connections) connection.close(onlyIdle);
  }
}
