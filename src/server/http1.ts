import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { HttpHead, HttpResponse } from '../env/network.ts';
import { admit, IncomingBody, lengthDeclared, noBody, type Refusal, readBody } from './body.ts';
import {
  type Exchange,
  headerTimeoutMs,
  keepAliveMs,
  lingerMs,
  refusalAnswer,
  requestTimeoutMs,
} from './exchange.ts';
import { isPieces, lengthOf, sendPieces, sendWhole } from './pieces.ts';

/** A node:http server. By itself it answers malformed requests with 400, too much header with 431, slow ones with 408. */
export function http1Server(exchange: Exchange): Server {
  const server = createServer({
    headersTimeout: headerTimeoutMs,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveMs,
    connectionsCheckingInterval: 1000,
  });
  server.on('request', (request, response) => void serve(request, response, exchange));
  // Otherwise node tells the client to go on before its Content-Length was looked at.
  server.on('checkContinue', (request, response) => void serve(request, response, exchange));
  return server;
}

/** Keeps a server from serving the connections to its port by itself. It serves those that are given to the function. */
export function detach(server: Server): (socket: Socket) => void {
  const [serve] = server.listeners('connection');
  server.removeAllListeners('connection');
  return (socket) => serve!.call(server, socket);
}

async function serve(request: IncomingMessage, response: ServerResponse, exchange: Exchange): Promise<void> {
  const { method = '', url: target = '', rawHeaders } = request;
  const head: HttpHead = { method, target, rawHeaders };
  const incoming = new IncomingBody(exchange, head, lengthDeclared(request.headers['content-length']));
  try {
    const body = await bodyOf(request, response, incoming, exchange);
    if (body === undefined) return;
    if (typeof body === 'string') return refuse(request, response, body, exchange);
    const answer = await exchange.handle({ ...head, body });
    send(response, answer, exchange.draining());
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

function send(response: ServerResponse, { status, headers, body }: HttpResponse, last: boolean): void {
  // HTTP/1.1 keeps connections alive without saying so; HTTP/1.0 has to be told, and node tells it.
  if (response.req.httpVersionMinor === 1 && !last) response.removeHeader('Connection');
  if (isPieces(body)) {
    response.writeHead(status, { ...headers, ...(last ? closing : undefined) });
    sendPieces(body, response);
    return;
  }
  const length = { 'Content-Length': lengthOf(body) };
  response.writeHead(status, { ...length, ...headers, ...(last ? closing : undefined) });
  sendWhole(body, response);
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
    exchange.deadlines.delete(end);
    response.end();
  };
  request.once('end', end);
  request.once('close', end);
  request.resume();
  exchange.deadlines.add(end, lingerMs);
}
