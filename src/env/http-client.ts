/** Somebody answered, with more than the one who asked can take. */
export class AnswerTooLongError extends Error {
  override readonly name = 'AnswerTooLongError';
}

/** Sends requests to other servers. */
export interface HttpClient {
  /**
   * Resolves with whatever status comes; redirects are not followed. Rejects with the system's error (for
   * example ECONNREFUSED), with `AnswerTooLongError`, when the answer takes too long, and with the signal's
   * reason.
   */
  send(request: ClientSend, signal?: AbortSignal): Promise<ClientAnswer>;
}

export type ClientSend = {
  readonly method: string;
  /** `http:` or `https:`, with path and query as they are to be sent. */
  readonly url: string;
  /** A `host` among them wins over that of the URL. `content-length` is added. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
  /** A Unix socket to connect to in place of the URL's host and port. */
  readonly socketPath?: string | undefined;
  /** Certificates in PEM that alone are trusted, in place of the platform's list. */
  readonly ca?: string | undefined;
  /** From the call to the last byte of the answer; the client's own unless it says. */
  readonly timeoutMs?: number;
  /** Told when the request has left whole, over a connection that was made for it: somebody may act on it. */
  readonly left?: (() => void) | undefined;
  /** The most bytes of the answer's body; the client's own unless it says. */
  readonly bodyBytesMax?: number;
  /**
   * Whether it may go over a connection that was kept, and leave its own for others: the server may close
   * such a one under it, so it has to be tried again then. The client's own way unless it says.
   */
  readonly keepAlive?: boolean;
};

export type ClientAnswer = {
  readonly status: number;
  /** By name in lower case; of a header that came twice the values are joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};
