import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { detached } from '../env/detached.ts';
import type { HttpHead, HttpResponse, Peer } from '../env/network.ts';
import {
  IncomingBody,
  isBodyTooLarge,
  lengthDeclared,
  noBody,
  type Refusal,
  readBody,
  smallPieceBytes,
} from './body.ts';
import { isBodyStream, lengthOf } from './body-writer.ts';
import { Deadline } from './deadlines.ts';
import { Departure } from './departure.ts';
import { feedInSlices } from './feed.ts';
import {
  type HttpContext,
  headerTimeoutMs,
  keepAliveMs,
  lingerMs,
  type RefusalAnswer,
  refusalAnswerTo,
  requestTimeoutMs,
} from './http-context.ts';
import { peerOf } from './peer.ts';
import { Pipelined } from './pipelined.ts';
import { abandon, type Line, sendPieces, sendWhole, writeParts } from './sending.ts';
import { throwAway } from './throw-away.ts';

/**
 * A node:http server. By itself it answers malformed requests with 400, too large heads with 431, slow
 * requests with 408. It serves the connections that are given to `serve`, and none of its port by itself.
 */
export function http1Server(context: HttpContext): {
  readonly server: Server;
  readonly serve: (socket: Socket) => void;
} {
  const server = createServer({
    headersTimeout: headerTimeoutMs,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveMs,
    connectionsCheckingInterval: 1000,
  });
  const queues = new Queues(context);
  const take = (request: IncomingMessage, response: ServerResponse) => queues.take({ request, response });
  server.on('request', take);
  // Otherwise Node tells the client to go on before its Content-Length was looked at.
  server.on('checkContinue', take);
  const [listener] = server.listeners('connection');
  server.removeAllListeners('connection');
  const serve = (socket: Socket) => {
    listener!.call(server, socket);
    queues.begin(socket);
  };
  return { server, serve };
}

type Call = { readonly request: IncomingMessage; readonly response: ServerResponse };

/** A connection that node:http reads. */
class Conversation {
  /** What waits behind the request that is being served; undefined when none is. */
  waiting: Call[] | undefined;
  /** Counts the memory of the requests that wait. */
  readonly calls: Pipelined;
  readonly peer: Peer;
  readonly departure: Departure;
  readonly #socket: Socket;
  readonly #context: HttpContext;
  readonly #endFeeding: () => void;
  /** Small pieces of bodies in this turn. */
  #pieces = 0;
  #givesWay = false;

  constructor(socket: Socket, context: HttpContext, fail: (error: unknown) => void) {
    this.#socket = socket;
    this.#context = context;
    this.calls = new Pipelined(context.budget);
    this.peer = peerOf(socket, context.origin());
    this.departure = new Departure(socket);
    socket.once('close', () => this.calls.release());
    const hasEnough = () => this.#givesWay || (this.waiting?.length ?? 0) > 0;
    this.#endFeeding = feedInSlices(socket, new Pipelined(context.budget), { hasEnough, fail });
  }

  /**
   * Counts a piece of a body. Thousands of small ones fit into a read: other connections have their turn in
   * between.
   */
  readonly count = ({ length }: Buffer): void => {
    if (length >= smallPieceBytes) return;
    this.#pieces += 1;
    if (this.#pieces >= piecesPerTurn) this.giveWay();
  };

  /** Reads on in another turn. */
  giveWay(): void {
    if (this.#givesWay) return;
    this.#givesWay = true;
    detached(this.#pass(), this.#context.failed);
  }

  async #pass(): Promise<void> {
    await this.#context.turn();
    this.#givesWay = false;
    this.#pieces = 0;
    this.#socket.resume();
  }

  /**
   * Sends no more, and throws away for a while what still comes: if it were closed at once, with bytes of a
   * body on their way, the connection would be reset and the client might never see the answer.
   */
  hangUp(): void {
    const { deadlines } = this.#context;
    const leave = () => this.#socket.destroy();
    const patience = new Deadline(leave);
    deadlines.add(patience, lingerMs);
    this.#socket
      .once('end', leave)
      .once('close', () => deadlines.delete(patience))
      .end();
    this.#endFeeding();
    throwAway(this.#socket, this.#context);
  }
}

/** A short request and its answer, as node:http has them, come to 4 KiB; a `Pipelined` counts all twice. */
const callBytes = 2048;

/** They take a fraction of a millisecond. */
const piecesPerTurn = 64;

/**
 * Requests that came before the one ahead of them on their connection was answered: node:http hands out at
 * once all that it has read. They are served one after the other, each in a turn of its own, and no more are
 * read while some wait.
 */
class Queues {
  readonly #context: HttpContext;
  readonly #conversations = new WeakMap<Socket, Conversation>();

  constructor(context: HttpContext) {
    this.#context = context;
  }

  /** Has node:http read what a connection says. */
  begin(socket: Socket): void {
    const fail = (error: unknown) => this.#fail(socket, error);
    this.#conversations.set(socket, new Conversation(socket, this.#context, fail));
  }

  take(call: Call): void {
    const { socket } = call.request;
    const conversation = this.#conversations.get(socket)!;
    // Its chunks are not counted before the body has a listener.
    if (call.request.headers['transfer-encoding'] !== undefined) conversation.giveWay();
    if (conversation.waiting !== undefined) {
      conversation.waiting.push(call);
      if (!conversation.calls.hold(conversation.waiting.length * callBytes)) socket.destroy();
      return;
    }
    detached(this.#serve(call, socket, conversation), (error) => this.#fail(socket, error));
  }

  /** An unexpected error costs its connection. */
  #fail(socket: Socket, error: unknown): void {
    this.#context.failed(error);
    socket.destroy();
  }

  async #serve(first: Call, socket: Socket, conversation: Conversation): Promise<void> {
    const waiting: Call[] = [];
    conversation.waiting = waiting;
    await carryOut(first, conversation, this.#context);
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      await this.#context.turn();
      if (socket.destroyed) return;
      if (waiting.length === 0) {
        conversation.calls.release();
        socket.resume();
      }
      await carryOut(next, conversation, this.#context);
    }
    conversation.waiting = undefined;
  }
}

/** Resolves when the answer has left, or the client has gone. */
async function carryOut(
  { request, response }: Call,
  conversation: Conversation,
  context: HttpContext,
): Promise<void> {
  const { method = '', url: target = '', rawHeaders } = request;
  const head: HttpHead = { method, target, rawHeaders };
  const incoming = new IncomingBody(context, head, lengthDeclared(request.headers['content-length']));
  try {
    const body = await bodyOf({ request, response }, head, incoming, conversation, context);
    if (body === undefined) return;
    if (typeof body === 'string') return refuse(response, refusalAnswerTo(head, body, context), conversation);
    const { peer, departure } = conversation;
    const answer = await context.handle({ ...head, body, peer, departure });
    incoming.release();
    await send(response, answer, context);
  } finally {
    incoming.release();
  }
}

function bodyOf(
  { request, response }: Call,
  head: HttpHead,
  incoming: IncomingBody,
  conversation: Conversation,
  context: HttpContext,
): Promise<Buffer | Refusal | undefined> | Buffer | Refusal {
  const { 'content-length': length, 'transfer-encoding': coding, expect } = request.headers;
  if (length === undefined && coding === undefined) return noBody;
  if (isBodyTooLarge(head, lengthDeclared(length), context)) return 'too large';
  if (expect !== undefined) response.writeContinue();
  request.on('data', conversation.count);
  return readBody(request, incoming, context.deadlines);
}

async function send(
  response: ServerResponse,
  { status, headers, body }: HttpResponse,
  { isLast, unsent }: HttpContext,
): Promise<void> {
  const { socket } = response.req;
  if (socket.destroyed) return isBodyStream(body) ? abandon(body) : undefined;
  const last = isLast();
  const line: Line = {
    write: (parts, isLast, taken) => writeParts(response, parts, isLast, taken),
    client: socket,
    hangUp: () => {
      socket.destroy();
    },
  };
  // HTTP/1.1 keeps connections alive without saying so; HTTP/1.0 has to be told, and Node tells it.
  if (response.req.httpVersionMinor === 1 && !last) response.removeHeader('Connection');
  if (isBodyStream(body)) {
    response.writeHead(status, { ...headers, ...(last ? closing : undefined) });
    return await sendPieces(body, line, unsent);
  }
  const length = { 'Content-Length': lengthOf(body) };
  response.writeHead(status, { ...length, ...headers, ...(last ? closing : undefined) });
  await sendWhole(body, line, unsent);
}

const closing = { Connection: 'close' };

/** Answers before the body was read. It is the connection's last answer. */
function refuse(response: ServerResponse, answer: RefusalAnswer, conversation: Conversation): void {
  const { status, headers, body } = answer;
  response.writeHead(status, { ...headers, ...closing, 'Content-Length': body.length });
  response.write(body);
  conversation.hangUp();
}
