import {
  constants,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
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
import { Deadline, type Deadlines } from './deadlines.ts';
import { Departure } from './departure.ts';
import { headBytesMax } from './fast-head.ts';
import {
  type HttpContext,
  headerTimeoutMs,
  keepAliveMs,
  type RefusalAnswer,
  refusalAnswerTo,
} from './http-context.ts';
import { peerOf } from './peer.ts';
import { abandon, type Line, sendPieces, sendWhole, writeParts } from './sending.ts';

/**
 * A server of HTTP/2 sessions on sockets that it is handed, without a port of its own. At most `streamsMax`
 * of all their streams are open at once. More are refused: their clients learn that nothing was done, and
 * that they may try again (RFC 9113 §8.7).
 */
export function http2Server(context: HttpContext, streamsMax: number): Http2Server {
  const server = createServer({
    settings: {
      enablePush: false,
      initialWindowSize: streamWindowBytes,
      maxConcurrentStreams: 250,
      maxFrameSize: frameBytesMax,
      maxHeaderListSize: headBytesMax,
    },
    // A client may reset a burst of streams, as a cancelled consumer does, but not go on with it
    // (CVE-2023-44487).
    streamResetBurst: 500,
    streamResetRate: 33,
    maxSessionInvalidFrames: 100,
  });
  server.setTimeout(keepAliveMs);
  let open = 0;
  server.on('session', (session) => {
    session.setLocalWindowSize(sessionWindowBytes);
    const pace = new Pace(context, () => session.destroy(undefined, constants.NGHTTP2_ENHANCE_YOUR_CALM));
    endIfSilent(session, context.deadlines);
    const peer = peerOf(session.socket, context.origin());
    session.on('stream', (stream, headers, _flags, rawHeaders) => {
      open += 1;
      stream.once('close', () => {
        open -= 1;
      });
      // A reset by the client: the stream's close says the same.
      stream.on('error', ignore);
      if (open > streamsMax) return stream.close(constants.NGHTTP2_REFUSED_STREAM);
      if (isTooLarge(rawHeaders)) return refuseHead(stream);
      detached(serve(stream, headers, rawHeaders, context, pace, peer), (error) => {
        context.failed(error);
        stream.close(constants.NGHTTP2_INTERNAL_ERROR);
      });
    });
  });
  return server;
}

function ignore(): void {}

/**
 * A client has as long for its first request as with HTTP/1.1: a preface or a header that does not end is
 * silence, too.
 */
function endIfSilent(session: ServerHttp2Session, deadlines: Deadlines): void {
  const silence = new Deadline(() => session.destroy());
  const forget = () => deadlines.delete(silence);
  deadlines.add(silence, headerTimeoutMs);
  session.once('stream', forget).once('close', forget);
}

/**
 * Lets only so many streams of a session begin before other sessions have had a turn: a client may begin
 * hundreds in one packet.
 */
class Pace {
  readonly #context: HttpContext;
  readonly #end: () => void;
  #begun = 0;
  #next: Promise<void> | undefined;
  /** In this turn. */
  #smallPieces = 0;

  /** `end` ends the session. */
  constructor(context: HttpContext, end: () => void) {
    this.#context = context;
    this.#end = end;
  }

  /**
   * Counts a piece of a body. Node hands out all of a read at once, so a session that has thousands of small
   * ones in it can only be ended.
   */
  readonly count = ({ length }: Buffer): void => {
    if (length >= smallPieceBytes) return;
    this.#smallPieces += 1;
    if (this.#smallPieces === 1) detached(this.#forgetPieces(), this.#context.failed);
    if (this.#smallPieces === smallPiecesPerTurn) this.#end();
  };

  async #forgetPieces(): Promise<void> {
    await this.#context.turn();
    this.#smallPieces = 0;
  }

  /** Undefined when a stream may begin now; otherwise it resolves when one may ask again. */
  begin(): Promise<void> | undefined {
    if (this.#next === undefined && this.#begun < streamsPerTurn) {
      this.#begun += 1;
      return undefined;
    }
    this.#next ??= this.#pass();
    return this.#next;
  }

  async #pass(): Promise<void> {
    await this.#context.turn();
    this.#begun = 0;
    this.#next = undefined;
  }
}

/** Few enough to take a few milliseconds, enough that the puts of one client still share a commit. */
const streamsPerTurn = 32;

/** They take a few milliseconds. */
const smallPiecesPerTurn = 1024;

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
  context: HttpContext,
  pace: Pace,
  peer: Peer,
): Promise<void> {
  for (let next = pace.begin(); next !== undefined; next = pace.begin()) await next;
  if (isGone(stream)) return;
  const head: HttpHead = {
    method: String(headers[':method']),
    target: String(headers[':path']),
    rawHeaders: http1Headers(rawHeaders),
  };
  const incoming = new IncomingBody(context, head, lengthDeclared(headers['content-length']));
  try {
    const body = await bodyOf(stream, head, headers, incoming, pace, context);
    if (body === undefined) return;
    if (typeof body === 'string') return await refuse(stream, refusalAnswerTo(head, body, context), context);
    const departure = new Departure(stream);
    const answer = await context.handle({ ...head, body, peer, departure });
    incoming.release();
    await send(stream, answer, context);
  } finally {
    incoming.release();
  }
}

async function bodyOf(
  stream: ServerHttp2Stream,
  head: HttpHead,
  headers: IncomingHttpHeaders,
  incoming: IncomingBody,
  pace: Pace,
  context: HttpContext,
): Promise<Buffer | Refusal | undefined> {
  if (stream.endAfterHeaders) return noBody;
  if (isBodyTooLarge(head, lengthDeclared(headers['content-length']), context)) return 'too large';
  if (isGone(stream)) return undefined;
  if (headers.expect !== undefined) stream.additionalHeaders({ ':status': 100 });
  stream.on('data', pace.count);
  return await readBody(stream, incoming, context.deadlines);
}

async function send(
  stream: ServerHttp2Stream,
  { status, headers, body }: HttpResponse,
  { unsent }: HttpContext,
): Promise<void> {
  // Gone while its request was worked on.
  if (isGone(stream)) return isBodyStream(body) ? abandon(body) : undefined;
  const line: Line = {
    write: (parts, isLast, taken) => writeParts(stream, parts, isLast, taken),
    client: stream,
    hangUp: () => {
      stream.close(constants.NGHTTP2_CANCEL);
      // Otherwise it would keep what it holds until its connection takes the reset.
      stream.destroy();
    },
  };
  if (isBodyStream(body)) {
    stream.respond({ ...headers, ':status': status });
    return await sendPieces(body, line, unsent);
  }
  stream.respond({ ...headers, ':status': status, 'content-length': lengthOf(body) });
  // The answer to a HEAD ends with its head.
  if (!stream.writableEnded) await sendWhole(body, line, unsent);
}

/** A stream that its client has reset may be neither answered nor told to go on. */
function isGone(stream: ServerHttp2Stream): boolean {
  return stream.closed || stream.destroyed;
}

async function refuse(stream: ServerHttp2Stream, answer: RefusalAnswer, context: HttpContext): Promise<void> {
  await send(stream, answer, context);
  // Sent after the answer: the client need not go on with a body that is not read (RFC 9113 §8.1).
  stream.close(constants.NGHTTP2_NO_ERROR);
}

/**
 * By the size that our settings limit: a name, its value and 32 bytes for each header (RFC 9113 §6.5.2). Node
 * looks at it only once the client has acknowledged them, which it need not.
 */
function isTooLarge(rawHeaders: readonly string[]): boolean {
  let bytes = rawHeaders.length * 16;
  for (const text of rawHeaders) bytes += text.length;
  return bytes > headBytesMax;
}

function refuseHead(stream: ServerHttp2Stream): void {
  stream.respond({ ':status': 431 }, { endStream: true });
  stream.close(constants.NGHTTP2_NO_ERROR);
}

/**
 * As HTTP/1.1 has them. A `host` that repeats `:authority` is left out, so that it does not count as a
 * duplicate.
 */
function http1Headers(rawHeaders: readonly string[]): string[] {
  const headers: string[] = [];
  let authority: string | undefined;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!;
    const value = rawHeaders[index + 1]!;
    if (name === ':authority') {
      authority = value;
      headers.push('host', value);
    } else if (!name.startsWith(':') && !(name === 'host' && value === authority)) {
      headers.push(name, value);
    }
  }
  return headers;
}
