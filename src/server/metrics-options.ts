/** The options that say who sees metrics, and of what. */
export type MetricsOptions = {
  /**
   * Who may GET /metrics: anyone who reaches the server (`on`), nobody (`off`), who comes to a named listener
   * (`listener:NAME`), or who shows a bearer token (`file:PATH`, `env:NAME` or `command:COMMAND` has it).
   * Undefined: `on` where signatures are not verified, else `off`.
   */
  readonly metrics: string | undefined;
  /** How many open shards have series of their own. Streams that do not fit are shown as sums. */
  readonly metricsShards: number;
};

export const defaultMetricsOptions: MetricsOptions = {
  metrics: undefined,
  metricsShards: 1_000,
};

/** Of one server; Prometheus takes about 3 kB for each series, and a shard has six. */
export const metricsShardsMax = 100_000;

/** A listener, by its name in `--listen`. */
export const listenerForm = /^listener:([\w-]{1,63})$/;
