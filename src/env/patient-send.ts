import type { Clock, Millis } from './clock.ts';
import { detached, unthinkable } from './detached.ts';
import type { ClientAnswer, ClientSend, HttpClient } from './http-client.ts';

/**
 * Sends a request and waits so long for the whole answer, by the clock. Rejects as the client does, or with
 * an error that says how long it was.
 */
export async function sendPatiently(
  { client, clock }: { readonly client: HttpClient; readonly clock: Clock },
  request: ClientSend,
  patienceMs: Millis,
  signal: AbortSignal | undefined,
): Promise<ClientAnswer> {
  const given = signal === undefined ? [] : [signal];
  const answered = new AbortController();
  const late = new AbortController();
  detached(
    clock
      .sleep(patienceMs, AbortSignal.any([answered.signal, ...given]))
      .then(() => late.abort(new NoAnswerError(`no answer within ${patienceMs} ms`))),
    unthinkable,
  );
  try {
    // The client's own patience is not to be the shorter one.
    const timeoutMs = patienceMs + 1000;
    return await client.send({ ...request, timeoutMs }, AbortSignal.any([late.signal, ...given]));
  } finally {
    answered.abort(null);
  }
}

/** Somebody may have been reached, and has not answered all of it in time. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

/** In one line what went wrong on the way. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Several addresses were tried: the first says enough.
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return error.message;
}
