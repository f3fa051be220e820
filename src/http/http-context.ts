import type { Handler, HttpHead, HttpResponse } from '../env/network.ts';
import { type BodySource, codeBodyBytesMax, codeOperationOf, noBody, type Refusal } from './body.ts';
import type { Deadlines } from './deadlines.ts';
import type { Origin } from './peer.ts';
import type { Unsent } from './unsent.ts';

/** What both versions of HTTP need to serve requests. */
export type HttpContext = BodySource & {
  readonly handle: Handler;
  /** What connections come to. */
  readonly origin: () => Origin;
  readonly deadlines: Deadlines;
  readonly unsent: Unsent;
  /** Asked once for an answer of HTTP/1.1: whether its connection ends with it. */
  readonly isLast: () => boolean;
  /** Now, as answers tell it (RFC 9110 §5.6.7). */
  readonly date: () => string;
  /** Resolves when everything that has arrived by now was seen. */
  readonly turn: () => Promise<void>;
  /** Is called with an unexpected error, which has cost one connection or one stream. */
  readonly failed: (error: unknown) => void;
};

/** A client has this long for its header, from the first byte on or from the connection when none came. */
export const headerTimeoutMs = 10_000;

/** And this long for all of the request. */
export const requestTimeoutMs = 60_000;

/** What still arrives of a refused body in this time is thrown away. */
export const lingerMs = 2000;

/**
 * A connection may be idle this long: more than the 60 s of common load balancers, so that they close first.
 */
export const keepAliveMs = 75_000;

export type RefusalAnswer = HttpResponse & { readonly body: Buffer };

/** The answer to a body that is not read (on). */
export function refusalAnswer(refusal: Refusal): RefusalAnswer {
  return refusals[refusal];
}

/** The same where a request may carry a function's code: who sent too much is told how much there may be. */
export function refusalAnswerTo(
  head: HttpHead,
  refusal: Refusal,
  { recognize }: Pick<HttpContext, 'recognize'>,
): RefusalAnswer {
  const operation = refusal === 'too large' ? codeOperationOf(head) : undefined;
  if (operation === undefined || !recognize(head)) return refusalAnswer(refusal);
  const message = `Request must be smaller than ${codeBodyBytesMax + 1} bytes for the ${operation} operation`;
  const headers = {
    'Content-Type': 'application/json',
    'x-amzn-ErrorType': 'RequestEntityTooLargeException',
  };
  return { status: 413, headers, body: Buffer.from(JSON.stringify({ Type: 'User', message })) };
}

/**
 * A client of AWS's showed the bare status for a body that is too large, so those that are the client's fault
 * have no body.
 */
const refusals: { readonly [Name in Refusal]: RefusalAnswer } = {
  'too large': { status: 413, headers: {}, body: noBody },
  'too slow': { status: 408, headers: {}, body: noBody },
  'too many pieces': { status: 413, headers: {}, body: noBody },
  overloaded: {
    status: 503,
    headers: {
      'Content-Type': 'application/x-amz-json-1.1',
      'x-amzn-ErrorType': 'ServiceUnavailableException',
    },
    body: Buffer.from(
      JSON.stringify({
        __type: 'ServiceUnavailableException',
        message: 'The service is overloaded; try again.',
      }),
    ),
  },
};
