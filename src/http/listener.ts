import type { Server } from 'node:http';
import type { Http2Server, ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../env/clock.ts';
import { discard } from '../env/discard.ts';
import type { Logger } from '../env/logger.ts';
import type { Handler, HttpResponse, Listening, Network, Place, Recognize, Share } from '../env/network.ts';
import { listenAtPath } from '../env/node-unix-socket.ts';
import { BodyBudget, budgetBytes } from './body.ts';
import { isBodyStream, lengthOf, partsOf } from './body-writer.ts';
import { connectionsAllowed, OpenConnections } from './connection-limit.ts';
import { Deadlines } from './deadlines.ts';
import { FastHttp1 } from './fast-http1.ts';
import { type HttpContext, refusalAnswer } from './http-context.ts';
import { http1Server } from './http1.ts';
import { http2Server, sessionsOf } from './http2.ts';
import { collectYoung, MinorGc } from './minor-gc.ts';
import { type Origin, originOf } from './peer.ts';
import { largeBytes } from './sending.ts';
import { canSharePorts, sharePort } from './shared-port.ts';
import { Sniffer } from './sniffer.ts';
import { TlsAcceptor } from './tls/tls-acceptor.ts';
import { Unsent, unsentBytesMax } from './unsent.ts';

/** This machine's ports. Each speaks HTTP/1.1 and, by prior knowledge, HTTP/2; and TLS with either inside. */
export function nodeNetwork(clock: Clock, logger: Logger): Network {
  let common: Share | undefined;
  // Of all that listen here, in which other threads count theirs, too.
  const shares = new Set<Share>();
  return {
    listen: async (place, handle, identity, recognize = () => true, given?) => {
      common ??= given === undefined ? shareOf(logger, false) : undefined;
      shares.add(given ?? common!);
      const acceptor = new TlsAcceptor(identity, logger);
      const listener = new Listener({ clock, logger }, { handle, recognize }, acceptor, given ?? common!);
      const endpoint = await listener.listen(place);
      return { endpoint, shed: () => listener.shed(), close: () => listener.close() };
    },
    share: async () => ((await canSharePorts()) ? shareOf(logger, true) : undefined),
    reserve: (endpoint, listen) => sharePort(endpoint, clock, listen),
    openConnections: () =>
      [...shares].reduce((sum, share) => sum + Atomics.load(share.openConnections, 0), 0),
  };
}

/** A share of all that the process may take. */
function shareOf(logger: Logger, reusePort: boolean): Share {
  const shared = (value: number) => new Int32Array(new SharedArrayBuffer(4)).fill(value);
  return {
    freeBytes: shared(budgetBytes),
    unsentBytes: shared(unsentBytesMax),
    openConnections: shared(0),
    connectionsMax: connectionsAllowed(logger),
    reusePort,
  };
}

type World = { readonly clock: Clock; readonly logger: Logger };

/** What becomes of requests. */
type Requests = { readonly handle: Handler; readonly recognize: Recognize };

class Listener implements Omit<Listening, 'endpoint'> {
  readonly #clock: Clock;
  readonly #reusePort: boolean;
  readonly #deadlines: Deadlines;
  readonly #http1: Server;
  readonly #fast: FastHttp1;
  readonly #http2: Http2Server;
  readonly #sessions: ReadonlySet<ServerHttp2Session>;
  readonly #sniffer: Sniffer;
  readonly #connections: OpenConnections;
  #origin: Origin = { listener: '' };
  #closing: Promise<void> | undefined;
  /** How many connections of HTTP/1.1 end with their next answer. */
  #toShed = 0;

  constructor(
    { clock, logger }: World,
    { handle, recognize }: Requests,
    acceptor: TlsAcceptor,
    share: Share,
  ) {
    this.#clock = clock;
    this.#reusePort = share.reusePort;
    const failed = (error: unknown) => logger.error('a connection failed unexpectedly', { error });
    this.#deadlines = new Deadlines(clock, failed);
    const garbage = new MinorGc(collectYoung);
    const unsent = new Unsent(share.unsentBytes, this.#deadlines, clock, garbage);
    const context: HttpContext = {
      handle: safely(handle, unsent, logger),
      recognize,
      origin: () => this.#origin,
      budget: new BodyBudget(share.freeBytes, garbage),
      deadlines: this.#deadlines,
      unsent,
      isLast: () => this.#isLast(),
      date: dateBy(clock),
      turn: clock.turn,
      failed,
    };
    const { server, serve } = http1Server(context);
    this.#http1 = server;
    this.#fast = new FastHttp1(context, serve);
    this.#http2 = http2Server(context, share.connectionsMax);
    this.#sessions = sessionsOf(this.#http2);
    const speakers = { http1: this.#fast, http2: this.#http2, acceptor };
    this.#connections = new OpenConnections(share.openConnections, share.connectionsMax);
    this.#sniffer = new Sniffer(this.#http1, this.#connections, speakers, context);
  }

  /** Begins; answers the place really bound. */
  async listen<At extends Place>(place: At): Promise<At> {
    try {
      if ('path' in place) await listenAtPath(this.#http1, place.path);
      else await this.#listenAtPort(place.host, place.port);
    } catch (error) {
      this.#deadlines.close();
      throw error;
    }
    const bound = this.#http1.address();
    const endpoint = isAddress(bound) ? { ...place, host: bound.address, port: bound.port } : place;
    this.#origin = originOf(endpoint);
    return endpoint;
  }

  #listenAtPort(host: string, port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#http1.once('error', reject);
      this.#http1.listen({ host, port, backlog: 1024, reusePort: this.#reusePort }, resolve);
    });
  }

  shed(): void {
    this.#toShed = this.#connections.own - this.#sessions.size;
    for (const session of this.#sessions) session.close();
  }

  /** Whether an answer of HTTP/1.1 is the last one of its connection. */
  #isLast(): boolean {
    if (this.#closing !== undefined) return true;
    if (this.#toShed === 0) return false;
    this.#toShed -= 1;
    return true;
  }

  close(): Promise<void> {
    this.#closing ??= this.#drain();
    return this.#closing;
  }

  async #drain(): Promise<void> {
    const closed = new AbortController();
    this.#http1.close(() => closed.abort());
    this.#sniffer.close();
    // A session takes no new stream, and ends with the last one under way, or at once when there is none.
    for (const session of this.#sessions) session.close();
    for (let waited = 0; !closed.signal.aborted && waited < graceMs; waited += lookMs) {
      // An answer that left just before the drain began has said keep-alive.
      this.#http1.closeIdleConnections();
      this.#fast.close(true);
      await this.#clock.sleep(lookMs, closed.signal);
    }
    this.#http1.closeAllConnections();
    this.#fast.close(false);
    for (const session of this.#sessions) session.destroy();
    this.#deadlines.close();
  }
}

function isAddress(bound: AddressInfo | string | null): bound is AddressInfo {
  return typeof bound === 'object' && bound !== null;
}

/** What is under way when the listener closes may take this long. */
const graceMs = 10_000;
const lookMs = 50;

/** The date of answers. Its text is made once a second. */
function dateBy(clock: Clock): () => string {
  let second = Number.NaN;
  let text = '';
  return () => {
    const now = Math.floor(clock.now() / 1000);
    if (now !== second) text = new Date(now * 1000).toUTCString();
    second = now;
    return text;
  };
}

/**
 * A handler that rejects breaks its contract. It costs that request, not the server. No body outlives its
 * answer. A large answer for which there is no memory is not kept until there is some: its client asks again.
 */
function safely(handle: Handler, unsent: Unsent, logger: Logger): Handler {
  return async (request) => {
    try {
      const answer = await handle(request);
      return mayBeSent(answer, unsent) ? answer : refusalAnswer('overloaded');
    } catch (error) {
      logger.error('a request failed unexpectedly', { error });
      return internalFailure;
    } finally {
      discard(request.body);
    }
  };
}

/** Only pages of records and lists are large. Answers to puts are not: those have been carried out. */
function mayBeSent({ body }: HttpResponse, unsent: Unsent): boolean {
  return isBodyStream(body) || lengthOf(body) <= largeBytes || unsent.hasRoomFor(partsOf(body));
}

const internalFailure: HttpResponse = {
  status: 500,
  headers: { 'Content-Type': 'application/x-amz-json-1.1' },
  body: '{"__type":"InternalFailure"}',
};
