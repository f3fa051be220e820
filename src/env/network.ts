import type { SecureContext } from 'node:tls';

/**
 * Where requests come from. The production network speaks HTTP/1.1 and HTTP/2 on one port, plain and over
 * TLS.
 */
export interface Network {
  /**
   * Starts to hand requests to `handle`. Rejects with the system's error, for example EADDRINUSE. Without an
   * `identity` no client is answered over TLS. Without `recognize` every client counts as known. Listeners
   * that have the same `share` may listen on the same port; those without one share what a process may take.
   */
  listen<At extends Place>(
    place: At,
    handle: Handler,
    identity?: Identity,
    recognize?: Recognize,
    share?: Share,
  ): Promise<Listening<At>>;
  /**
   * What listeners need so that each gets some of the connections of one port. Undefined where the system
   * does not spread them.
   */
  share(): Promise<Share | undefined>;
  /**
   * Has `listen` share an endpoint that no other server has, and that none can get meanwhile: the port asked
   * for, or any free one for 0. Rejects with the system's error, and with what `listen` rejects with.
   */
  reserve<T>(endpoint: Endpoint, listen: (bound: Endpoint) => Promise<T>): Promise<T>;
  /** How many connections are open in this process; absent in a world that does not count them. */
  readonly openConnections?: (() => number) | undefined;
}

/** What the listeners of one process share, as plain data for other threads. */
export type Share = {
  /** The bytes that bodies may still take. */
  readonly freeBytes: Int32Array;
  /** The bytes that answers may still hold while their clients have not taken them. */
  readonly unsentBytes: Int32Array;
  /** How many connections are open. */
  readonly openConnections: Int32Array;
  readonly connectionsMax: number;
  /** Whether the kernel spreads the port's connections over all listeners that say so. */
  readonly reusePort: boolean;
};

/** The certificate and key to show to a client that comes with TLS now. It may take a while to make them. */
export type Identity = () => Promise<ServerContext>;

/** `clients` says whether clients are asked for a certificate of their own; undefined when they are not. */
export type ServerContext = SecureContext & { readonly clients?: 'optional' | 'required' };

/** Where a server can be reached. */
export type Place = Endpoint | SocketFile;

/** Port 0 asks for any free port. The `name` is the listener's, for `Peer`. */
export type Endpoint = { readonly host: string; readonly port: number; readonly name?: string };

/** The path of a Unix socket, which only the user of this process may connect to. */
export type SocketFile = { readonly path: string; readonly name?: string };

export interface Listening<At extends Place = Endpoint> {
  /** The endpoint really bound. */
  readonly endpoint: At;
  /**
   * Has clients connect again: each open connection ends with its next answer. Where listeners share a port,
   * the new connections are spread anew.
   */
  shed(): void;
  /** Stops accepting, lets requests under way finish, and closes what is idle. */
  close(): Promise<void>;
}

/**
 * Answers one request. It never rejects: whatever goes wrong becomes an answer. The body may be gone once it
 * is answered: neither the answer nor anything else may be a view of it.
 */
export type Handler = (request: HttpRequest) => Promise<HttpResponse>;

/**
 * Whether a request's head names a known caller, as far as the head alone tells. Nothing is verified by that:
 * it decides how much of the memory a large body may fill before it is there to be verified.
 */
export type Recognize = (head: HttpHead) => boolean;

/** The part of a request before its body, as it was received. */
export type HttpHead = {
  readonly method: string;
  /** Path and query as received, for example `/?X-Amz-Algorithm=…`. */
  readonly target: string;
  /**
   * Name and value in turn, as received, duplicates included. HTTP/2's `:authority` stands as `host`; its
   * other pseudo headers are left out.
   */
  readonly rawHeaders: readonly string[];
};

/** All of a request that a signature may cover. */
export type HttpMessage = HttpHead & { readonly body: Buffer };

/** A request as it was received, before anything is believed about it. */
export type HttpRequest = HttpMessage & {
  /** The same for all requests of a connection. */
  readonly peer: Peer;
  /** Tells when its answer may be of no use any more; absent where nobody knows. */
  readonly departure?: Departure | undefined;
};

/** Its signal is aborted when the client has gone, or has ended its half of the connection. */
export interface Departure {
  readonly signal: AbortSignal;
}

/** Where a request came from. Plain data, so that another thread can be told. */
export type Peer = {
  /**
   * The IP address of the other end of the connection; empty when it had gone before it was asked for, and
   * over a Unix socket.
   */
  readonly address: string;
  /** Whether it came over TLS. */
  readonly secure: boolean;
  /** The endpoint that it came to, `host:port`, or `unix:/path`. */
  readonly listener: string;
  /** The name of that listener, as policies see it in `aws:SourceVpce`; absent where it has none. */
  readonly vpce?: string;
  /** Of the client; only there if it was verified. */
  readonly certificate?: ClientCertificate;
};

/** What a verified certificate says of the client that showed it. */
export type ClientCertificate = {
  /** The common name (CN) of its subject; empty when it has none, or more than one. */
  readonly subject: string;
  /** Its alternative names that are URIs, such as `spiffe://example.com/orders`. */
  readonly uris: readonly string[];
  /** SHA-256 of the certificate, as OpenSSL writes it: `9C:0F:…`. */
  readonly fingerprint: string;
};

export type HttpResponse = {
  readonly status: number;
  /** Names as they are sent. `Content-Length` and `Date` are the listener's. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * A list of buffers is sent as one body; some of them may belong to other answers, too. An iterable is sent
   * piece by piece: the next piece is asked for when the client has taken the one before. When the client
   * goes away, the iterator is returned.
   */
  readonly body: Buffer | string | readonly Buffer[] | AsyncIterable<Uint8Array>;
};
