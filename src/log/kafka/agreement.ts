import type { Clock, Millis } from '../../env/clock.ts';
import { detached, unthinkable } from '../../env/detached.ts';
import { SealedError, type ShardKey, UnavailableError } from '../log.ts';
import type { KafkaOffset } from './client.ts';
import type { ShardPlaces } from './shard-places.ts';

/** Whether all gateways agree that what a broker has stored in a shard's place is the shard's. */
export class Agreement {
  readonly #places: ShardPlaces;
  readonly #clock: Clock;
  readonly #key: ShardKey;

  constructor(places: ShardPlaces, clock: Clock, key: ShardKey) {
    this.#places = places;
    this.#clock = clock;
    this.#key = key;
  }

  /** Whether it is known by now of all up to an offset. Throws `SealedError` when that is behind the seal. */
  reaches(last: KafkaOffset): boolean {
    const verdict = this.#places.verdict(this.#key, last);
    if (verdict === 'sealed') throw sealed();
    return verdict === 'acknowledge';
  }

  /**
   * Resolves when it reaches an offset. A shard is sealed within milliseconds of its closing, and a lease is
   * renewed every few seconds, unless something has failed: then it rejects with `UnavailableError`.
   */
  async until(last: KafkaOffset): Promise<void> {
    const patience = new AbortController();
    const agreed = new AbortController();
    const expiry = this.#clock.sleep(agreedMsMax, agreed.signal);
    detached(
      expiry.then(() => patience.abort()),
      unthinkable,
    );
    try {
      while (!this.reaches(last)) {
        if (patience.signal.aborted) throw new UnavailableError('It is not known where the shard ends.');
        await this.#places.changed(patience.signal);
      }
    } finally {
      agreed.abort();
    }
  }
}

export function sealed(): SealedError {
  return new SealedError('The shard is closed.');
}

/** As long as callers wait for the shards after a closed one. */
const agreedMsMax: Millis = 10_000;
