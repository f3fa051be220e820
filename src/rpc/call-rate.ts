import type { Clock } from '../env/clock.ts';
import { Bucket } from '../stream/throttle.ts';
import { ServiceError } from '../wire/service-error.ts';
import type { Access } from './authorize.ts';
import type { Rate } from './operation.ts';

/** How often each operation is called, by an account in a region or for one of its streams. */
export class CallRates {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts a call; LimitExceededException when there were too many within a second. */
  count({ caller: { account, region }, action, resource }: Access, rate: Rate): void {
    // A request that names no stream counts for the account.
    const stream = rate.per === 'stream' ? streamIn(resource) : undefined;
    const bucket = this.#bucketOf(`${action}/${account}/${region}/${stream ?? ''}`, rate.perSecond);
    if (bucket.holds(1, this.#clock.monotonic())) {
      bucket.take(1);
      return;
    }
    const scope = stream === undefined ? `account ${account}` : `stream ${stream} under account ${account}`;
    throw new ServiceError('LimitExceededException', `Rate exceeded for ${scope}.`);
  }

  #bucketOf(key: string, perSecond: number): Bucket {
    const bucket = this.#buckets.get(key) ?? new Bucket(perSecond, this.#clock.monotonic());
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > bucketsMax) this.#buckets.delete(this.#buckets.keys().next().value!);
    return bucket;
  }
}

/** The one that was quiet for longest starts afresh. */
const bucketsMax = 100_000;

/** The stream that an ARN is about: its own, or that of one of its consumers. */
function streamIn(resource: string): string | undefined {
  return /:stream\/([^/]+)/.exec(resource)?.[1];
}
