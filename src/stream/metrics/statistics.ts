import type { MetricUnit } from './metric-port.ts';

/**
 * The metrics of streams, shards and consumers, and their units (Kinesis developer guide, "Monitor the Amazon
 * Kinesis Data Streams service with Amazon CloudWatch"), without those that AWS calls deprecated.
 */
const callMetrics = {
  IncomingBytes: 'Bytes',
  IncomingRecords: 'Count',
  'PutRecord.Bytes': 'Bytes',
  'PutRecord.Latency': 'Milliseconds',
  'PutRecord.Success': 'Count',
  'PutRecords.Bytes': 'Bytes',
  'PutRecords.Latency': 'Milliseconds',
  'PutRecords.Success': 'Count',
  'PutRecords.TotalRecords': 'Count',
  'PutRecords.SuccessfulRecords': 'Count',
  'PutRecords.FailedRecords': 'Count',
  'PutRecords.ThrottledRecords': 'Count',
  WriteProvisionedThroughputExceeded: 'Count',
  'GetRecords.Bytes': 'Bytes',
  'GetRecords.IteratorAgeMilliseconds': 'Milliseconds',
  'GetRecords.Latency': 'Milliseconds',
  'GetRecords.Records': 'Count',
  'GetRecords.Success': 'Count',
  ReadProvisionedThroughputExceeded: 'Count',
  'SubscribeToShard.RateExceeded': 'Count',
  'SubscribeToShard.Success': 'Count',
  'SubscribeToShardEvent.Bytes': 'Bytes',
  'SubscribeToShardEvent.MillisBehindLatest': 'Milliseconds',
  'SubscribeToShardEvent.Records': 'Count',
  'SubscribeToShardEvent.Success': 'Count',
  IteratorAgeMilliseconds: 'Milliseconds',
  OutgoingBytes: 'Bytes',
  OutgoingRecords: 'Count',
} as const satisfies Readonly<Record<string, MetricUnit>>;

export type CallMetric = keyof typeof callMetrics;

/** How often it came, its sum, its least and its greatest value. */
const cells = 4;

const names = Object.keys(callMetrics) as readonly CallMetric[];

/** Where the cells of a metric begin. */
const placeOf = Object.fromEntries(names.map((name, index) => [name, index * cells])) as Readonly<
  Record<CallMetric, number>
>;

/** Statistics of all metrics of something, four cells for each. */
export class Statistics {
  readonly values = new Float64Array(names.length * cells);

  add(metric: CallMetric, value: number): void {
    const { values } = this;
    const at = placeOf[metric];
    const count = values[at]!;
    values[at] = count + 1;
    values[at + 1]! += value;
    if (count === 0 || value < values[at + 2]!) values[at + 2] = value;
    if (count === 0 || value > values[at + 3]!) values[at + 3] = value;
  }
}

/** The metrics that came, and their statistics, by the values of a `Statistics`. */
export function* statisticsIn(values: Float64Array) {
  for (const name of names) {
    const at = placeOf[name];
    const count = values[at]!;
    if (count === 0) continue;
    const [sum, minimum, maximum] = [values[at + 1]!, values[at + 2]!, values[at + 3]!];
    yield { name, unit: callMetrics[name], count, sum, minimum, maximum };
  }
}
