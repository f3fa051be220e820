import type { Catalog } from '../../catalog/catalog.ts';
import type { Millis } from '../../env/clock.ts';
import { detached, unthinkable } from '../../env/detached.ts';
import type { Env } from '../../env/env.ts';
import type { MetricStore } from '../../services/cloudwatch/metrics/metric-store.ts';
import type { MeasuredCalls, TellMinute } from '../../stream/metrics/call-statistics.ts';

/**
 * Puts what came of calls on streams into CloudWatch, as `AWS/Kinesis`, a minute at a time: what it takes
 * loads with the first minute in which there were some. A server that ends before has published nothing. What
 * cannot be put is logged, and lost.
 */
export class PublishedCalls {
  readonly #logger: Env['logger'];
  readonly #catalog: Pick<Catalog, 'state'>;
  #store: Pick<MetricStore, 'put'> | undefined;
  #putting: Promise<void> = Promise.resolve();
  #hasPublished = false;

  constructor({ logger }: Pick<Env, 'logger'>, catalog: Pick<Catalog, 'state'>) {
    this.#logger = logger;
    this.#catalog = catalog;
  }

  /** Says where metrics are put. */
  begin(store: Pick<MetricStore, 'put'>): void {
    this.#store = store;
  }

  readonly tell: TellMinute = (time, measured, isOver) => {
    if (!isOver && !this.#hasPublished) return;
    this.#hasPublished = true;
    this.#putting = this.#putting.then(() => this.#put(time, measured));
    detached(this.#putting, unthinkable);
  };

  /** Waits for what was told. To be called when nothing more is told. */
  async close(): Promise<void> {
    await this.#putting;
  }

  async #put(time: Millis, measured: readonly MeasuredCalls[]): Promise<void> {
    try {
      const { measuredIn } = await import('../measured.ts');
      const { streamMetrics } = await import('../../stream/metrics/stream-metrics.ts');
      const { state } = this.#catalog;
      const port = measuredIn(this.#store!);
      await port.put('AWS/Kinesis', streamMetrics(state.streams.values(), time, measured));
    } catch (error) {
      this.#logger.warn('Metrics of AWS/Kinesis could not be put.', { error });
    }
  }
}
