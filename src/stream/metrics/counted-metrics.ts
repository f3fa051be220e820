import type { Clock, Millis } from '../../env/clock.ts';
import { detached, unthinkable } from '../../env/detached.ts';
import type { Logger } from '../../env/logger.ts';
import type { MetricName, MetricPort } from './metric-port.ts';
import { MinuteValues } from './minute-values.ts';

export type CountedMetricsParts = {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly port: MetricPort;
};

/**
 * Adds up what is counted, in memory, and puts it into CloudWatch once a minute, minutes that nothing was
 * counted in not at all. There is no timer while nothing waits. What cannot be put is logged, and lost; so is
 * what was counted since the last minute when the process dies.
 */
export class CountedMetrics {
  readonly #namespace: string;
  readonly #parts: CountedMetricsParts;
  readonly #closed = new AbortController();
  #values = new MinuteValues();
  #putting: Promise<void> | undefined;

  /** `namespace` is AWS's: `AWS/Lambda`, … */
  constructor(namespace: string, parts: CountedMetricsParts) {
    this.#namespace = namespace;
    this.#parts = parts;
  }

  add(metric: MetricName, value: number): void {
    const time = Math.floor(this.#parts.clock.now() / minuteMs) * minuteMs;
    this.#values.add({ ...metric, time }, value);
    if (this.#putting === undefined) {
      this.#putting = this.#putAll();
      detached(this.#putting, unthinkable);
    }
  }

  /** Puts what waits. To be called when nothing is counted any more. */
  async close(): Promise<void> {
    this.#closed.abort();
    await this.#putting;
  }

  async #putAll(): Promise<void> {
    while (this.#values.size > 0) {
      await this.#parts.clock.sleep(minuteMs, this.#closed.signal);
      const values = this.#values;
      this.#values = new MinuteValues();
      await this.#put(values);
    }
    this.#putting = undefined;
  }

  async #put(values: MinuteValues): Promise<void> {
    try {
      await this.#parts.port.put(this.#namespace, values.all());
    } catch (error) {
      this.#parts.logger.warn(`Metrics of ${this.#namespace} could not be put.`, { error });
    }
  }
}

const minuteMs: Millis = 60_000;
