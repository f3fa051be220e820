import type { Clock, Millis } from '../../../env/clock.ts';
import { describedError, timeoutPayload } from './function-error.ts';
import type { AttachedHandler, Invocation, Ran, RunnableFunction } from './function-runner.ts';
import { responseBytesMax } from './functions.ts';
import { tooLargePayload } from './runtime-api.ts';

/**
 * Calls a handler of this program. One that does not answer in time is answered for, and goes on: nothing
 * ends a function of one's own program.
 */
export async function runAttached(
  clock: Clock,
  handler: AttachedHandler,
  function_: RunnableFunction,
  { requestId, arn, payload }: Invocation,
): Promise<Ran> {
  const { name, version, settings } = function_;
  const limit = settings.timeoutSeconds * 1000;
  const deadline = clock.now() + limit;
  const context = {
    awsRequestId: requestId,
    functionName: name,
    functionVersion: version,
    invokedFunctionArn: arn,
    memoryLimitInMB: String(settings.memoryMiB),
    getRemainingTimeInMillis: () => deadline - clock.now(),
  };
  const call = async () => {
    const answer = await handler(JSON.parse(Buffer.from(payload).toString()), context);
    return succeeded(Buffer.from(JSON.stringify(answer ?? null) ?? 'null'));
  };
  const late = () => failed(timeoutPayload(requestId, settings.timeoutSeconds));
  return await withinTime(clock, limit, call, late);
}

async function withinTime(
  clock: Clock,
  limit: Millis,
  call: () => Promise<Ran>,
  late: () => Ran,
): Promise<Ran> {
  const over = new AbortController();
  const answered = call().catch((error: unknown) => failed(describedError(error)));
  try {
    return await Promise.race([answered, clock.sleep(limit, over.signal).then(late)]);
  } finally {
    over.abort();
  }
}

function succeeded(payload: Buffer): Ran {
  return payload.length > responseBytesMax ? failed(tooLargePayload) : { payload, logTail: Buffer.alloc(0) };
}

function failed(payload: Buffer): Ran {
  return { payload, functionError: 'Unhandled', logTail: Buffer.alloc(0) };
}
