import type { Clock } from '../../../env/clock.ts';
import {
  AnswerTooLongError,
  type ClientAnswer,
  type ClientSend,
  type HttpClient,
} from '../../../env/http-client.ts';
import { ServiceError } from '../../../wire/service-error.ts';
import { timeoutPayload } from './function-error.ts';
import type { Ran, RunnableFunction } from './function-runner.ts';
import { responseBytesMax } from './functions.ts';
import { unreachableError } from './not-entered.ts';
import { tooLargePayload } from './runtime-api.ts';

export type UrlWorld = { readonly clock: Clock; readonly client: HttpClient };

/**
 * Sends a function's event to its URL and reads its answer, within the function's time. Rejects with
 * ServiceException when there is nobody who answers, and with what `read` throws. `unanswered` is what the
 * function is said to have failed with when it took the event and hung up, where that is its own doing.
 */
export async function callUrl(
  { clock, client }: UrlWorld,
  { settings }: RunnableFunction,
  request: ClientSend & { readonly requestId: string; readonly unanswered?: Buffer },
  read: (answer: ClientAnswer) => Ran,
): Promise<Ran> {
  const { requestId, unanswered, ...send } = request;
  let hasLeft = false;
  const limit = new AbortController();
  const over = new AbortController();
  const timer = clock.sleep(settings.timeoutSeconds * 1000, over.signal).then(() => limit.abort());
  try {
    const left = () => {
      hasLeft = true;
    };
    const answer = await client.send({ ...send, left }, limit.signal);
    return answer.body.length > responseBytesMax ? failed(tooLargePayload) : read(answer);
  } catch (error) {
    if (limit.signal.aborted) return failed(timeoutPayload(requestId, settings.timeoutSeconds));
    // What `read` has made of an answer.
    if (error instanceof ServiceError) throw error;
    if (error instanceof AnswerTooLongError) return failed(tooLargePayload);
    if (hasLeft && unanswered !== undefined) return failed(unanswered);
    throw unreachableError(send.url, reasonOf(error));
  } finally {
    over.abort();
    await timer;
  }
}

/** Several addresses that refuse are one error without a message. */
function reasonOf(error: unknown): string {
  const { message = '', code = '' } = error as NodeJS.ErrnoException;
  return message === '' ? code : message;
}

export function failed(payload: Buffer): Ran {
  return { payload, functionError: 'Unhandled', logTail: Buffer.alloc(0) };
}

/** The beginning of an answer that is not what it should be, in one line. */
export function excerptOf(body: Buffer): string {
  return body.toString('utf8', 0, 200).replaceAll(/\s+/g, ' ').trim();
}
