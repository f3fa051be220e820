import type { ClientAnswer } from '../../../env/http-client.ts';
import { tooManyRequests } from '../errors.ts';
import { errorPayload } from './function-error.ts';
import type { Invocation, Ran, RunnableFunction } from './function-runner.ts';
import { callUrl, excerptOf, failed, type UrlWorld } from './url-call.ts';

/**
 * Sends a webhook the event. An answer of the 200s is a success, and its body what the function answers; 429
 * and 503 ask for patience; every other answer is an error of the function, and so is none: it may have ended
 * because of the event.
 */
export async function postToWebhook(
  world: UrlWorld,
  url: string,
  function_: RunnableFunction,
  { requestId, arn, payload }: Invocation,
): Promise<Ran> {
  const deadline = world.clock.now() + function_.settings.timeoutSeconds * 1000;
  const request = {
    requestId,
    unanswered: errorPayload('Webhook.Error', 'The webhook hung up before it had answered.'),
    method: 'POST',
    url,
    // As the Runtime API names them.
    headers: {
      'Content-Type': 'application/json',
      'Lambda-Runtime-Aws-Request-Id': requestId,
      'Lambda-Runtime-Deadline-Ms': String(deadline),
      'Lambda-Runtime-Invoked-Function-Arn': arn,
    },
    body: payload,
  };
  return await callUrl(world, function_, request, read);
}

function read({ status, body }: ClientAnswer): Ran {
  if (status === 429 || status === 503) throw tooManyRequests('CallerRateLimitExceeded');
  if (status >= 200 && status <= 299) return { payload: body, logTail: Buffer.alloc(0) };
  return failed(errorPayload('Webhook.Error', `The webhook answered ${status}: ${excerptOf(body)}`));
}
