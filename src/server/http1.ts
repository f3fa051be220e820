import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { detached } from '../env/detached.ts';
import type { HttpHead, HttpResponse } from '../env/network.ts';
import { admit, IncomingBody, lengthDeclared, noBody, type Refusal, readBody } from './body.ts';
import { Deadline } from './deadlines.ts';
import {
  type Exchange,
  headerTimeoutMs,
  keepAliveMs,
  lingerMs,
  refusalAnswer,
  requestTimeoutMs,
} from './exchange.ts';
import { feedInSlices } from './feed.ts';
import { isPieces, lengthOf } from './pieces.ts';
import { abandon, type Line, sendPieces, sendWhole, writeParts } from './sending.ts';

/**
 * A node:http server. By itself it answers malformed requests with 400, too much header with 431, slow ones with 408. It does not
 * serve the connections to its port by itself, but those that are given to `serve`.
 */
export function http1Server(exchange: Exchange): {
  readonly server: Server;
  readonly serve: (socket: Socket) => void;
} {
  const server = createServer({
    headersTimeout: headerTimeoutMs,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveMs,
    connectionsCheckingInterval: 1000,
  });
  const queues = new Queues(exchange);
  const take = (request: IncomingMessage, response: ServerResponse) => queues.take({ request, response });
  server.on('request', take);
  // Otherwise node tells the client to go on before its Content-Length was looked at.
  server.on('checkContinue', take);
  const [listener] = server.listeners('connection');
  server.removeAllListeners('connection');
  const serve = (socket: Socket) => {
    listener!.call(server, socket);
    feedInSlices(
      socket,
      () => queues.isWaiting(socket),
      (error) => queues.fail(socket, error),
    );
  };
  return { server, serve };
}

type Call = { readonly request: IncomingMessage; readonly response: ServerResponse };

/**
 * Requests that came on one connection before the one in front was answered: node:http hands out all that it has read at once. They are
 * served one after the other, each in a turn of its own, and while some wait no more are read.
 */
class Queues {
  readonly #exchange: Exchange;
  /** What waits behind the request that is being served. */
  readonly #waiting = new WeakMap<Socket, Call[]>();

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  take(call: Call): void {
    const { socket } = call.request;
    const waiting = this.#waiting.get(socket);
    if (waiting !== undefined) {
      waiting.push(call);
      return;
    }
    detached(this.#serve(call, socket), (error) => this.fail(socket, error));
  }

  /** An error that nobody expected costs its connection. */
  fail(socket: Socket, error: unknown): void {
    this.#exchange.failed(error);
    socket.destroy();
  }

  /** Whether a request on a connection waits for the one before it. */
  isWaiting(socket: Socket): boolean {
    return (this.#waiting.get(socket)?.length ?? 0) > 0;
  }

  async #serve(first: Call, socket: Socket): Promise<void> {
    const waiting: Call[] = [];
    this.#waiting.set(socket, waiting);
    await carryOut(first, this.#exchange);
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      await this.#exchange.turn();
      if (socket.destroyed) return;
      if (waiting.length === 0) socket.resume();
      await carryOut(next, this.#exchange);
    }
    this.#waiting.delete(socket);
  }
}

/** Resolves when the answer has left, or the client has gone. */
async function carryOut({ request, response }: Call, exchange: Exchange): Promise<void> {
  const { method = '', url: target = '', rawHeaders } = request;
  const head: HttpHead = { method, target, rawHeaders };
  const incoming = new IncomingBody(exchange, head, lengthDeclared(request.headers['content-length']));
  try {
    const body = await bodyOf(request, response, incoming, exchange);
    if (body === undefined) return;
    if (typeof body === 'string') return refuse(request, response, body, exchange);
    const answer = await exchange.handle({ ...head, body });
    incoming.release();
    await send(response, answer, exchange);
  } finally {
    incoming.release();
  }
}

function bodyOf(
  request: IncomingMessage,
  response: ServerResponse,
  incoming: IncomingBody,
  { deadlines }: Exchange,
): Promise<Buffer | Refusal | undefined> | Buffer | Refusal {
  const { 'content-length': length, 'transfer-encoding': coding, expect } = request.headers;
  if (length === undefined && coding === undefined) return noBody;
  const refusal = admit(lengthDeclared(length));
  if (refusal !== undefined) return refusal;
  if (expect !== undefined) response.writeContinue();
  return readBody(request, incoming, deadlines);
}

async function send(
  response: ServerResponse,
  { status, headers, body }: HttpResponse,
  { draining, unsent }: Exchange,
): Promise<void> {
  const { socket } = response.req;
  if (socket.destroyed) return isPieces(body) ? abandon(body) : undefined;
  const last = draining();
  const line: Line = {
    write: (parts, isLast, taken) => writeParts(response, parts, isLast, taken),
    client: socket,
    hangUp: () => {
      socket.destroy();
    },
  };
  // HTTP/1.1 keeps connections alive without saying so; HTTP/1.0 has to be told, and node tells it.
  if (response.req.httpVersionMinor === 1 && !last) response.removeHeader('Connection');
  if (isPieces(body)) {
    response.writeHead(status, { ...headers, ...(last ? closing : undefined) });
    return await sendPieces(body, line, unsent);
  }
  const length = { 'Content-Length': lengthOf(body) };
  response.writeHead(status, { ...length, ...headers, ...(last ? closing : undefined) });
  await sendWhole(body, line, unsent);
}

const closing = { Connection: 'close' };

/**
 * Answers before the body was read. The connection is closed a little later: closed at once, with bytes of the
 * body on their way, it would be reset and the client might never see the answer.
 */
function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  refusal: Refusal,
  exchange: Exchange,
): void {
  const { status, headers, body } = refusalAnswer(refusal);
  response.writeHead(status, { ...headers, ...closing, 'Content-Length': body.length });
  response.write(body);
  const end = () => {
    exchange.deadlines.delete(linger);
    response.end();
  };
  const linger = new Deadline(end);
  request.once('end', end);
  request.once('close', end);
  request.resume();
  exchange.deadlines.add(linger, lingerMs);
}
