import type { Access } from '../access/policy/access.ts';
import { Bounded } from '../env/bounded.ts';
import type { Clock } from '../env/clock.ts';
import { Bucket } from '../stream/throttle.ts';
import { ServiceError } from '../wire/service-error.ts';
import type { Rate } from './operation.ts';

/** Counts the calls of each operation, by account and region or by resource. */
export class CallRates {
  readonly #clock: Clock;
  readonly #buckets = new Bounded<string, Bucket>(bucketsMax);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts a call; LimitExceededException when there were too many within a second. */
  count({ caller: { account, region }, action, resource }: Access, rate: Rate): void {
    // A request that names no such resource counts for the account.
    const named = rate.per === 'account' ? undefined : nameIn(resource, rate.per);
    const bucket = this.#bucketOf(`${action}/${account}/${region}/${named ?? ''}`);
    if (bucket.holds(1, this.#clock.monotonic(), rate.perSecond)) {
      bucket.take(1);
      return;
    }
    const scope = named === undefined ? '' : `${rate.per} ${named} under `;
    throw new ServiceError('LimitExceededException', `Rate exceeded for ${scope}account ${account}.`);
  }

  #bucketOf(key: string): Bucket {
    const found = this.#buckets.get(key);
    if (found !== undefined) return found;
    const bucket = new Bucket(this.#clock.monotonic());
    this.#buckets.set(key, bucket);
    return bucket;
  }
}

/** The bucket that was quiet for longest starts over. */
const bucketsMax = 100_000;

/** The name of what an ARN is about, if it is of this type or belongs to one: `NAME` in `…:TYPE/NAME/…`. */
function nameIn(resource: string, type: string): string | undefined {
  const [found, name] = resource.split(':', 6)[5]?.split('/', 2) ?? [];
  return found === type ? name : undefined;
}
