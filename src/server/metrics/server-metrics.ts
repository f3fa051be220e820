import { detached } from '../../env/detached.ts';
import type { Env } from '../../env/env.ts';
import type { HttpResponse } from '../../env/network.ts';
import type { Control } from '../../gateway/control.ts';
import type { Health } from '../../gateway/health.ts';
import type { PageAsked } from '../../rpc/page.ts';
import type { MetricStore } from '../../services/cloudwatch/metrics/metric-store.ts';
import type { SightsWorld } from '../../services/millrace/sights-world.ts';
import type { MeterReadings } from '../../stream/meter/counts.ts';
import { CallStatistics, type TellMinute } from '../../stream/metrics/call-statistics.ts';
import { type MetricsAccess, metricsAccess } from '../metrics-access.ts';
import type { ServerOptions } from '../options.ts';
import { LossWatch } from './loss-watch.ts';
import { hasMeterProvider } from './meter-provider.ts';
import type { MetricsWorld } from './metrics-page.ts';
import { PublishedCalls } from './published-calls.ts';
import type { ReaderLag } from './reader-lag.ts';

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
  readonly #published: PublishedCalls;
  readonly #watch: LossWatch;
  readonly #begun = Promise.withResolvers<MetricsSurroundings>();
  readonly #access: MetricsAccess;
  readonly #settings: ServerOptions;
  readonly #env: Env;
  readonly #control: Control;
  #world: Promise<MetricsWorld> | undefined;
  #endTelemetry = (): void => {};

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
    this.#published = new PublishedCalls(env, control.catalog);
    this.#watch = new LossWatch({ ...env, lags: () => this.#lags() });
    this.calls = new CallStatistics(env.clock, this.tell);
  }

  begin(around: MetricsSurroundings): void {
    this.#published.begin(around.metrics);
    this.#begun.resolve(around);
    if (hasMeterProvider()) {
      const failed = (error: unknown) =>
        this.#env.logger.warn('metrics cannot be told to OpenTelemetry', { error });
      detached(this.#tellTelemetry(), failed);
    }
  }

  /** Takes what came of the calls of a minute, in whichever thread. */
  readonly tell: TellMinute = (time, measured, isOver) => {
    this.#watch.awake();
    this.#published.tell(time, measured, isOver);
  };

  /** Answers GET /metrics, or refuses to. */
  readonly page = async (asked: PageAsked): Promise<HttpResponse> => {
    const refusal = this.#access(asked);
    if (refusal !== undefined) return refusal;
    const { metricsPage } = await import('./metrics-page.ts');
    return await metricsPage(await this.#opened(), asked);
  };

  /** Publishes what is over. To be called when no call is under way any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#endTelemetry();
    this.#watch.close();
    this.calls.close();
    await this.#published.close();
  }

  async #tellTelemetry(): Promise<void> {
    const { metrics } = await import('@opentelemetry/api');
    const { tellTelemetry } = await import('./telemetry.ts');
    const world = await this.#opened();
    this.#endTelemetry = tellTelemetry((name, version) => metrics.getMeter(name, version), world);
  }

  async #lags(): Promise<readonly ReaderLag[]> {
    const { reading, lags, clock } = await this.#opened();
    const { countedIn } = await import('../../services/millrace/parts/counted.ts');
    return await lags(await countedIn(await reading(), clock));
  }

  #opened(): Promise<MetricsWorld> {
    this.#world ??= this.#open();
    return this.#world;
  }

  async #open(): Promise<MetricsWorld> {
    const { openMetricsWorld } = await import('./open-metrics-world.ts');
    return await openMetricsWorld(this.#settings, this.#env, this.#control, await this.#begun.promise);
  }
}
