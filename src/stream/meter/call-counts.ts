import { bucketSeconds, type OperationCounts } from './counts.ts';

/** What came of a call: nothing to say when it succeeded. */
export type CallOutcome = 'ok' | 'client error' | 'server error' | 'throttled';

/** What an error's name and status come to. */
export function outcomeOf(
  error: { readonly type: string; readonly status: number } | undefined,
): CallOutcome {
  if (error === undefined) return 'ok';
  if (throttles.has(error.type)) return 'throttled';
  return error.status >= 500 ? 'server error' : 'client error';
}

/**
 * The names of errors that stand for a limit, of those that are answered here (AWS's clients retry most of
 * them as throttling).
 */
const throttles: ReadonlySet<string> = new Set([
  'LimitExceeded',
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'KMSThrottlingException',
  'TooManyRequestsException',
  'ItemCollectionSizeLimitExceededException',
]);

/** How many calls of each operation there were, and how long they took. */
export class CallCounts {
  /**
   * By service and operation: to put the two names together for each call would cost more than counting it.
   */
  readonly #services = new Map<string, Map<string, Float64Array>>();

  /** `service` is as IAM's actions begin. A call that was throttled is a client's error as well. */
  add(service: string, operation: string, seconds: number, outcome: CallOutcome): void {
    const counts = this.#of(service, operation);
    counts[bucketOf(seconds)]! += 1;
    counts[secondsAt]! += seconds;
    if (outcome === 'ok') return;
    if (outcome === 'server error') counts[serverErrorsAt]! += 1;
    else counts[clientErrorsAt]! += 1;
    if (outcome === 'throttled') counts[throttledAt]! += 1;
  }

  /** Adds what was counted elsewhere. */
  include({ operation, buckets, seconds, clientErrors, serverErrors, throttled }: OperationCounts): void {
    const [service, name] = operation.split(':', 2) as [string, string];
    const counts = this.#of(service, name);
    buckets.forEach((calls, bucket) => {
      counts[bucket]! += calls;
    });
    counts[secondsAt]! += seconds;
    counts[clientErrorsAt]! += clientErrors;
    counts[serverErrorsAt]! += serverErrors;
    counts[throttledAt]! += throttled;
  }

  read(): OperationCounts[] {
    return [...this.#services].flatMap(([service, operations]) =>
      Array.from(operations, ([name, counts]) => {
        const buckets = [...counts.subarray(0, bucketCount)];
        return {
          operation: `${service}:${name}`,
          calls: buckets.reduce((sum, calls) => sum + calls, 0),
          clientErrors: counts[clientErrorsAt]!,
          serverErrors: counts[serverErrorsAt]!,
          throttled: counts[throttledAt]!,
          buckets,
          seconds: counts[secondsAt]!,
        };
      }),
    );
  }

  #of(service: string, operation: string): Float64Array {
    const known = this.#services.get(service)?.get(operation);
    if (known !== undefined) return known;
    const counts = new Float64Array(bucketCount + 4);
    const operations = this.#services.get(service);
    if (operations === undefined) this.#services.set(service, new Map([[operation, counts]]));
    else operations.set(operation, counts);
    return counts;
  }
}

const bucketCount = bucketSeconds.length + 1;
const secondsAt = bucketCount;
const clientErrorsAt = bucketCount + 1;
const serverErrorsAt = bucketCount + 2;
const throttledAt = bucketCount + 3;

/** Most calls are in the first ones. */
function bucketOf(seconds: number): number {
  let bucket = 0;
  while (bucket < bucketSeconds.length && seconds > bucketSeconds[bucket]!) bucket += 1;
  return bucket;
}
