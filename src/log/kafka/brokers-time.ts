import type { Clock, Millis } from '../../env/clock.ts';
import type { Logger } from '../../env/logger.ts';

/**
 * How far the clock here is from those of brokers. What users send is refused by the clock of a gateway, and
 * what has expired is by its clock, too: one that is far off would throw away what the others still serve.
 */
export class BrokersTime {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #logger: Logger;
  #offMs: Millis = 0;
  #saidAt: Millis = Number.NEGATIVE_INFINITY;

  constructor(clock: Pick<Clock, 'now'>, logger: Logger) {
    this.#clock = clock;
    this.#logger = logger;
  }

  /** By how much the clock here is ahead of that of the broker that was heard last, at least. */
  get offMs(): Millis {
    return this.#offMs;
  }

  get isFarOff(): boolean {
    return Math.abs(this.#offMs) > offMsMax;
  }

  /** A broker stored something at a time by its clock, between a time by the clock here and now. */
  heard(began: Millis, stored: Millis): void {
    const now = this.#clock.now();
    this.#offMs = Math.min(now - stored, Math.max(began - stored, 0));
    if (!this.isFarOff || Math.abs(now - this.#saidAt) < sayEveryMs) return;
    this.#saidAt = now;
    this.#logger.error('the clock of this machine is far from that of a broker', { aheadMs: this.#offMs });
  }
}

/** No machine whose clock somebody looks after is so far off; and what users sign is refused earlier. */
const offMsMax: Millis = 15 * 60_000;
const sayEveryMs: Millis = 60_000;
