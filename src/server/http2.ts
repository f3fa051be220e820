import {
  constants,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { HttpHead, HttpResponse } from '../env/network.ts';
import { admit, IncomingBody, lengthDeclared, noBody, type Refusal, readBody } from './body.ts';
import { type Exchange, keepAliveMs, refusalAnswer } from './exchange.ts';
import { isPieces, lengthOf, sendPieces, sendWhole } from './pieces.ts';

/** A server of HTTP/2 sessions on sockets that it is handed, without a port of its own. */
export function http2Server(exchange: Exchange): Http2Server {
  const server = createServer({
    settings: {
      enablePush: false,
      initialWindowSize: streamWindowBytes,
      maxConcurrentStreams: 250,
      maxFrameSize: frameBytesMax,
    },
    // A client may reset a burst of streams, as a cancelled consumer does, but not go on with it (CVE-2023-44487).
    streamResetBurst: 500,
    streamResetRate: 33,
    maxSessionInvalidFrames: 100,
  });
  server.setTimeout(keepAliveMs);
  server.on('session', (session) => {
    session.setLocalWindowSize(sessionWindowBytes);
    session.on('stream', (stream, headers, _flags, rawHeaders) => {
      void serve(stream, headers, rawHeaders, exchange);
    });
  });
  return server;
}

/** A window of 64 KiB, the default, would stop an upload for a round trip eleven times in 700 KB. */
const streamWindowBytes = 1024 * 1024;
const sessionWindowBytes = 4 * 1024 * 1024;
const frameBytesMax = 64 * 1024;

/** The sessions of a server that are open, so that they can be ended. */
export function sessionsOf(server: Http2Server): ReadonlySet<ServerHttp2Session> {
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });
  return sessions;
}

async function serve(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  rawHeaders: readonly string[],
  exchange: Exchange,
): Promise<void> {
  // A reset by the client: the stream's close says the same.
  stream.on('error', () => {});
  const head: HttpHead = {
    method: String(headers[':method']),
    target: String(headers[':path']),
    rawHeaders: plainHeaders(rawHeaders),
  };
  const incoming = new IncomingBody(exchange, head, lengthDeclared(headers['content-length']));
  try {
    const body = await bodyOf(stream, headers, incoming, exchange);
    if (body === undefined) return;
    if (typeof body === 'string') return refuse(stream, body);
    send(stream, await exchange.handle({ ...head, body }));
  } finally {
    incoming.release();
  }
}

async function bodyOf(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  incoming: IncomingBody,
  { deadlines }: Exchange,
): Promise<Buffer | Refusal | undefined> {
  if (stream.endAfterHeaders) return noBody;
  const refusal = admit(lengthDeclared(headers['content-length']));
  if (refusal !== undefined) return refusal;
  if (headers.expect !== undefined) stream.additionalHeaders({ ':status': 100 });
  return await readBody(stream, incoming, deadlines);
}

function send(stream: ServerHttp2Stream, { status, headers, body }: HttpResponse): void {
  if (isPieces(body)) {
    if (!stream.destroyed) stream.respond({ ...headers, ':status': status });
    sendPieces(body, stream);
    return;
  }
  // Gone while its request was worked on.
  if (stream.closed || stream.destroyed) return;
  stream.respond({ ...headers, ':status': status, 'content-length': lengthOf(body) });
  // The answer to HEAD has ended with its headers.
  if (!stream.writableEnded) sendWhole(body, stream);
}

function refuse(stream: ServerHttp2Stream, refusal: Refusal): void {
  send(stream, refusalAnswer(refusal));
  // Sent once the answer is: the client need not go on with a body that nobody reads (RFC 9113 §8.1).
  stream.close(constants.NGHTTP2_NO_ERROR);
}

/** As HTTP/1.1 has them. A `host` that repeats `:authority` is left out, so that it does not count as a duplicate. */
function plainHeaders(rawHeaders: readonly string[]): string[] {
  const plain: string[] = [];
  let authority: string | undefined;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!;
    const value = rawHeaders[index + 1]!;
    if (name === ':authority') {
      authority = value;
      plain.push('host', value);
    } else if (!name.startsWith(':') && !(name === 'host' && value === authority)) {
      plain.push(name, value);
    }
  }
  return plain;
}
