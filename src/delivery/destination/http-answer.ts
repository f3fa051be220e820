import type { ClientAnswer } from '../../env/http-client.ts';

/** What became of an attempt. `isFinal`: trying again is of no use. Codes and messages are Firehose's. */
export type AttemptOutcome =
  | { readonly kind: 'taken' }
  | {
      readonly kind: 'failed';
      readonly isFinal: boolean;
      readonly code: HttpErrorCode;
      readonly message: string;
    };

/** Data Firehose developer guide, "Monitor Amazon Data Firehose with CloudWatch Logs", of HTTP endpoints. */
export type HttpErrorCode =
  | 'HttpEndpoint.ConnectionFailed'
  | 'HttpEndpoint.ConnectionReset'
  | 'HttpEndpoint.DestinationException'
  | 'HttpEndpoint.InvalidResponseFromDestination'
  | 'HttpEndpoint.RequestTimeout'
  | 'HttpEndpoint.ResponseTooLarge'
  | 'HttpEndpoint.SSLHandshakeFailure';

/**
 * Judges an answer: taken is what was answered with 200 and a JSON document that names the request and a time
 * (Data Firehose developer guide, "HTTP endpoint delivery request and response specifications"). A request
 * that is too large (413) is not sent again.
 */
export function outcomeOf(answer: ClientAnswer, requestId: string): AttemptOutcome {
  const { status, body } = answer;
  if (status !== 200) {
    const said = body.toString('utf8', 0, saidBytesMax);
    const message = `The following response was received from the endpoint destination. ${status}: ${said}`;
    return failed('HttpEndpoint.DestinationException', message.trim(), status === 413);
  }
  const wrong = wrongIn(answer, requestId);
  if (wrong === undefined) return { kind: 'taken' };
  const message =
    'The response received from the specified endpoint is invalid. Contact the owner of the endpoint to ' +
    `resolve the issue. ${wrong}`;
  return failed('HttpEndpoint.InvalidResponseFromDestination', message, false);
}

/** What an answer lacks; undefined for one that is as it has to be. */
function wrongIn({ headers, body }: ClientAnswer, requestId: string): string | undefined {
  const type = headers['content-type']?.replace(/;.*$/, '').trim().toLowerCase();
  if (type !== 'application/json') return `Its content type is ${type ?? 'missing'}.`;
  const encoding = headers['content-encoding'];
  if (encoding !== undefined) return `It has the content encoding ${encoding}.`;
  const said = parsed(body.toString('utf8'));
  if (said === undefined) return 'Its body is no JSON object.';
  if (said['requestId'] !== requestId) return 'Its requestId is not the one of the request.';
  if (typeof said['timestamp'] !== 'number') return 'Its timestamp is no number.';
  return undefined;
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

export function failed(code: HttpErrorCode, message: string, isFinal = false): AttemptOutcome {
  return { kind: 'failed', isFinal, code, message };
}

/** Of what an endpoint says: it goes into every error record. */
const saidBytesMax = 1024;
