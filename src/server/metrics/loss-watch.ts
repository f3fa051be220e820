import type { Clock, Millis } from '../../env/clock.ts';
import { detached, unthinkable } from '../../env/detached.ts';
import type { Logger } from '../../env/logger.ts';
import type { ReaderLag } from './reader-lag.ts';

type Parts = {
  readonly clock: Clock;
  readonly logger: Logger;
  /** How far behind readers are now. */
  readonly lags: () => Promise<readonly ReaderLag[]>;
};

/**
 * Warns in the log of readers that are about to lose records: once when little of the retention is left, and
 * again only after they had caught up. It looks every few minutes from the first calls on, as long as there
 * is a reader whose lag is known.
 */
export class LossWatch {
  readonly #parts: Parts;
  readonly #closed = new AbortController();
  readonly #warned = new Set<string>();
  #isWatching = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** There was something to look for. */
  awake(): void {
    if (this.#isWatching || this.#closed.signal.aborted) return;
    this.#isWatching = true;
    detached(this.#watch(), unthinkable);
  }

  close(): void {
    this.#closed.abort();
  }

  async #watch(): Promise<void> {
    const { clock, logger } = this.#parts;
    let isKnown = true;
    while (isKnown) {
      await clock.sleep(lookMs, this.#closed.signal);
      if (this.#closed.signal.aborted) return;
      try {
        const lags = await this.#parts.lags();
        for (const lag of lags) this.#compare(lag);
        this.#forget(lags);
        isKnown = lags.some(({ lagSeconds }) => lagSeconds !== undefined);
      } catch (error) {
        logger.warn('how far behind readers are could not be found out', { error });
      }
    }
    this.#isWatching = false;
  }

  #compare(lag: ReaderLag): void {
    const { stream, kind, name, lagSeconds, timeToLossSeconds } = lag;
    if (lagSeconds === undefined || timeToLossSeconds === undefined) return;
    const share = timeToLossSeconds / (stream.retentionHours * 3600);
    const about = { stream: stream.name, account: stream.account, region: stream.region, kind, reader: name };
    const key = keyOf(lag);
    if (share < warnedShare && !this.#warned.has(key)) {
      this.#warned.add(key);
      this.#parts.logger.warn(
        timeToLossSeconds === 0
          ? 'a reader loses records: what it has not read is past retention'
          : 'a reader will lose records if it goes on like this: it is nearly as far behind as they are kept',
        { ...about, lagSeconds, timeToLossSeconds },
      );
    } else if (share > calmShare && this.#warned.delete(key)) {
      this.#parts.logger.info('a reader that was about to lose records has caught up', {
        ...about,
        lagSeconds,
      });
    }
  }

  /** Those that are gone are warned of anew when they come again. */
  #forget(lags: readonly ReaderLag[]): void {
    const there = new Set(lags.map(keyOf));
    for (const key of this.#warned) if (!there.has(key)) this.#warned.delete(key);
  }
}

function keyOf({ stream, kind, name }: ReaderLag): string {
  return `${stream.id}/${kind}/${name}`;
}

/** Retention is a day at the least. */
const lookMs: Millis = 300_000;

/** Of the retention: when a reader is warned of, and when it has caught up. */
const warnedShare = 0.25;
const calmShare = 0.5;
