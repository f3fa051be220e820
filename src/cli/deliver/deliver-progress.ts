import type { DeliverySight } from '../../delivery/delivery-world.ts';
import type { Clock, Millis } from '../../env/clock.ts';
import { barText, CaughtUp, longText } from '../caught-up.ts';

type Shards = { readonly all: number; readonly ended: number };

/**
 * Tells how far a delivery is: on one line of a terminal over and over, elsewhere a line from time to time.
 */
export class DeliverProgress {
  readonly #caughtUp = new CaughtUp();
  readonly #write: (line: string) => void;
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #everyMs: Millis;
  #told: string | undefined;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(write: (line: string) => void, isTerminal: boolean, clock: Pick<Clock, 'monotonic'>) {
    this.#write = write;
    this.#clock = clock;
    this.#everyMs = isTerminal ? 0 : 10_000;
  }

  /** A shard was read to where it is so far behind its tip. */
  heard(shardId: string, behindMs: Millis): void {
    this.#caughtUp.note(shardId, behindMs);
  }

  tell(sight: DeliverySight, shards: Shards): void {
    const now = this.#clock.monotonic();
    const line = this.#lineOf(sight, shards);
    if (line === this.#told || now - this.#toldAt < this.#everyMs) return;
    this.#told = line;
    this.#toldAt = now;
    this.#write(line);
  }

  #lineOf(sight: DeliverySight, { all, ended }: Shards): string {
    const { done, behindMs } = this.#caughtUp.of(all);
    const why = sight.reason === undefined ? '' : ` (${sight.state}: ${sight.reason}; tries again)`;
    const read = `${ended} of ${all} shards read, ${longText(behindMs)} behind`;
    return `${barText(done)} ${amountText(sight)}, ${read}${why}`;
  }
}

/** What was delivered, and what could not be. */
export function amountText({ records, bytes, objects, refused }: DeliverySight): string {
  const amount = `${records.toLocaleString('en')} records, ${(bytes / 1e6).toFixed(1)} MB, in ${objects.toLocaleString('en')} objects`;
  return refused === 0
    ? amount
    : `${amount}, ${refused.toLocaleString('en')} of the records with errors/ for they do not fit`;
}
