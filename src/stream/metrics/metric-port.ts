import type { Millis } from '../../env/clock.ts';

/** Where metrics are put: our CloudWatch. Rejects when it does not take them. */
export interface MetricPort {
  put(namespace: string, data: readonly CountedMetric[]): Promise<void>;
}

/** What came of a metric in a minute. */
export type CountedMetric = Counted & {
  /** As many as `values`: how often each came. */
  readonly counts: readonly number[];
  readonly values: readonly number[];
};

/** The same where the values are not known one by one. */
export type MetricStatistics = Counted & {
  readonly count: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
};

/** Which metric, and of which minute. */
export type Counted = MetricName & {
  /** When the minute began. */
  readonly time: Millis;
};

export type MetricName = {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly dimensions: readonly { readonly name: string; readonly value: string }[];
  readonly unit: MetricUnit;
};

/** Of CloudWatch's units those that are counted here. */
export type MetricUnit = 'Count' | 'Bytes' | 'Seconds' | 'Milliseconds';
