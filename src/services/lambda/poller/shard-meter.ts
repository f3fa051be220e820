import type { Clock, Millis } from '../../../env/clock.ts';
import type { Logger } from '../../../env/logger.ts';
import type { Stream } from '../../../kinesis/stream.ts';

/** How fast a mapping goes through a shard, and whether it is about to lose records to retention. */
export class ShardMeter {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #fields: { readonly mapping: string; readonly shardId: string };
  #begun: Millis;
  #records = 0;
  #before = 0;
  #warnedAt: Millis = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, logger: Logger, fields: { mapping: string; shardId: string }) {
    this.#clock = clock;
    this.#logger = logger;
    this.#fields = fields;
    this.#begun = clock.monotonic();
  }

  done(records: number): void {
    this.#turn();
    this.#records += records;
  }

  /** Over the last ten to twenty seconds. */
  get recordsPerSecond(): number {
    this.#turn();
    const seconds = (this.#clock.monotonic() - this.#begun + spanMs) / 1000;
    return (this.#before + this.#records) / seconds;
  }

  /** Records were gone before they were done. `of` counts them, or says how many they are at most. */
  lost(records: number, why: string): void {
    this.#logger.warn('records left their stream before a mapping had processed them: they are lost to it', {
      ...this.#fields,
      records,
      why,
    });
  }

  /** Says it, once an hour, when less than a fifth of the retention is left for the oldest record. */
  watch(lag: Millis, stream: Stream): void {
    const retention = stream.retentionHours * 3_600_000;
    const left = retention - lag;
    if (left >= retention / 5) return;
    const now = this.#clock.monotonic();
    if (now - this.#warnedAt < warnEveryMs) return;
    this.#warnedAt = now;
    this.#logger.warn('a mapping is about to lose records: they leave the stream before it gets to them', {
      ...this.#fields,
      stream: stream.name,
      lagMs: lag,
      timeToLossMs: Math.max(0, left),
    });
  }

  #turn(): void {
    const passed = this.#clock.monotonic() - this.#begun;
    if (passed < spanMs) return;
    this.#before = passed < 2 * spanMs ? this.#records : 0;
    this.#records = 0;
    this.#begun += Math.floor(passed / spanMs) * spanMs;
  }
}

const spanMs: Millis = 10_000;
const warnEveryMs: Millis = 3_600_000;
