import type { Clock, Millis } from '../env/clock.ts';
import { SharedReads } from '../journal/shared-reads.ts';
import { OverloadedError } from '../log/log.ts';
import { ServiceError } from '../wire/service-error.ts';

/**
 * Other gateways answer as well, and what one of them has answered is to be true here. Where there is only
 * one, there is none of this.
 */
export interface Freshness {
  /**
   * Resolves when all is known here of streams, users and keys that any gateway had been told to be durable
   * before the call. Callers share what is asked for it, and say how many bytes of a request are kept
   * meanwhile. Rejects with `UnavailableError`, with what a journal cannot be read for, and at once with
   * `OverloadedError` while too many bytes are kept so.
   */
  current(bytesKept?: number): Promise<void>;
  /**
   * Whether what is known here was all there was, some seconds ago at most: what others have taken away since
   * then may still be had.
   */
  isRecent(): boolean;
}

/** What is known here, brought up to date by `read`. */
export class KeptFreshness implements Freshness {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #reads: SharedReads;
  /** All that was true then is known. */
  #knownAt: Millis = Number.NEGATIVE_INFINITY;
  #isRenewing = false;
  #bytesKept = 0;

  constructor(read: () => Promise<void>, clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
    this.#reads = new SharedReads(async () => {
      const began = clock.monotonic();
      await read();
      this.#knownAt = began;
    });
  }

  async current(bytesKept = 0): Promise<void> {
    if (bytesKept > 0 && this.#bytesKept > bytesKeptMax) {
      throw new OverloadedError('More waits to hear of other gateways than is kept.');
    }
    this.#bytesKept += bytesKept;
    try {
      await this.#reads.next();
    } finally {
      this.#bytesKept -= bytesKept;
    }
  }

  /** Who asks often never has to wait. */
  isRecent(): boolean {
    const age = this.#clock.monotonic() - this.#knownAt;
    if (age >= renewMs && !this.#isRenewing) {
      this.#isRenewing = true;
      const end = () => {
        this.#isRenewing = false;
      };
      // Those that have to wait for it hear what it fails of.
      this.current().then(end, end);
    }
    return age < recentMs;
  }
}

/** No gateway lets anyone in, or denies, by what it knew longer ago. */
export const recentMs: Millis = 10_000;
const renewMs: Millis = 3_000;

/** Where brokers do not answer for long, requests of some seconds wait for them. */
const bytesKeptMax = 64 * 1024 * 1024;

/**
 * Whether an operation on records would perhaps not be refused so if more was known here: nothing was done
 * then, and it can be tried again.
 */
export function mayBeStale(error: unknown): boolean {
  return error instanceof ServiceError && (staleErrors.has(error.type) || error.type.startsWith('KMS'));
}

/**
 * A stream, a consumer, a permission, or a key that this gateway has not heard of; or a sequence number that
 * is of a stream which took the name of the one that is known here.
 */
const staleErrors: ReadonlySet<string> = new Set([
  'ResourceNotFoundException',
  'AccessDeniedException',
  'InvalidArgumentException',
]);

/** Whether a caller is refused that may be known elsewhere: its access key or its role is not known here. */
export function mayBeKnownElsewhere(error: unknown): boolean {
  return error instanceof ServiceError && error.type === 'UnrecognizedClientException';
}
