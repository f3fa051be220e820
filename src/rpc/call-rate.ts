import type { Clock } from '../env/clock.ts';
import { parseStreamOf } from '../kinesis/arn.ts';
import { Bucket } from '../stream/throttle.ts';
import { ServiceError } from '../wire/service-error.ts';
import type { Caller, Operation } from './operation.ts';

/** How often each operation is called, by an account in a region or for one of its streams. */
export class CallRates {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts a call; LimitExceededException when there were too many within a second. */
  count(operation: Operation, input: object, { account, region }: Caller): void {
    const { rate, name } = operation;
    if (rate === undefined) return;
    const stream = rate.per === 'stream' ? streamNamed(input) : undefined;
    const bucket = this.#bucketOf(`${name}/${account}/${region}/${stream ?? ''}`, rate.perSecond);
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

/** The stream that a request is about, whichever way it names it. */
function streamNamed(input: object): string | undefined {
  const { StreamName, StreamARN, ConsumerARN, ResourceARN } = input as Readonly<Record<string, unknown>>;
  if (typeof StreamName === 'string') return StreamName;
  const arn = [StreamARN, ConsumerARN, ResourceARN].find((value) => typeof value === 'string');
  return arn === undefined ? undefined : parseStreamOf(arn)?.name;
}
