import type { Env } from '../../env/env.ts';
import type { HttpResponse } from '../../env/network.ts';
import type { Control } from '../../gateway/control.ts';
import type { Health } from '../../gateway/health.ts';
import type { PageAsked } from '../../rpc/page.ts';
import type { MetricStore } from '../../services/cloudwatch/metrics/metric-store.ts';
import type { SightsWorld } from '../../services/millrace/sights-world.ts';
import type { MeterReadings } from '../../stream/meter/counts.ts';
import { CallStatistics } from '../../stream/metrics/call-statistics.ts';
import { type MetricsAccess, metricsAccess } from '../metrics-access.ts';
import type { ServerOptions } from '../options.ts';
import type { MetricsWorld } from './metrics-page.ts';
import { PublishedCalls } from './published-calls.ts';

/** What of a server metrics are made of, once it is put together. */
export type MetricsSurroundings = {
  readonly meters: Pick<MeterReadings, 'read'>;
  readonly sights: { open(): Promise<SightsWorld> };
  /** Where `AWS/Kinesis` is put. */
  readonly metrics: Pick<MetricStore, 'put'>;
  readonly health: () => Health | Promise<Health>;
};

/**
 * What a server tells of itself by numbers: the page for who scrapes it, and `AWS/Kinesis` in CloudWatch.
 * Most of it loads when it is first asked, or when there is something to put.
 */
export class ServerMetrics implements AsyncDisposable {
  /** For calls that the owner's thread takes. */
  readonly calls: CallStatistics;
  readonly published: PublishedCalls;
  readonly #begun = Promise.withResolvers<MetricsSurroundings>();
  readonly #access: MetricsAccess;
  readonly #settings: ServerOptions;
  readonly #env: Env;
  readonly #control: Control;
  #world: Promise<MetricsWorld> | undefined;

  /** Rejects with `StartError` when the token that it takes cannot be read. */
  static async open(
    settings: ServerOptions,
    env: Env,
    control: Control,
    isSigned: boolean,
  ): Promise<ServerMetrics> {
    return new ServerMetrics(settings, env, control, await metricsAccess(settings, isSigned));
  }

  private constructor(settings: ServerOptions, env: Env, control: Control, access: MetricsAccess) {
    this.#settings = settings;
    this.#env = env;
    this.#control = control;
    this.#access = access;
    this.published = new PublishedCalls(env, control.catalog);
    this.calls = new CallStatistics(env.clock, this.published.tell);
  }

  begin(around: MetricsSurroundings): void {
    this.published.begin(around.metrics);
    this.#begun.resolve(around);
  }

  /** Answers GET /metrics, or refuses to. */
  readonly page = async (asked: PageAsked): Promise<HttpResponse> => {
    const refusal = this.#access(asked);
    if (refusal !== undefined) return refusal;
    const { metricsPage } = await import('./metrics-page.ts');
    this.#world ??= this.#open();
    return await metricsPage(await this.#world, asked);
  };

  /** Publishes what is over. To be called when no call is under way any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.calls.close();
    await this.published.close();
  }

  async #open(): Promise<MetricsWorld> {
    const { openMetricsWorld } = await import('./open-metrics-world.ts');
    return await openMetricsWorld(this.#settings, this.#env, this.#control, await this.#begun.promise);
  }
}
