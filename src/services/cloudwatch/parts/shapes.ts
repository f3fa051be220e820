import { boolean, double, integer, list, map, string, structure, timestamp } from '../../../wire/shape.ts';

// Nothing is required here and nothing bounded: CloudWatch says in words of its own what is missing or wrong,
// all of it at once (`findings.ts`).

export const dimension = structure('Dimension', { Name: string(), Value: string() });

export const entity = structure('Entity', { KeyAttributes: map(string()), Attributes: map(string()) });

export const metricDatum = structure('MetricDatum', {
  MetricName: string(),
  Dimensions: list(dimension),
  Timestamp: timestamp(),
  Value: double(),
  StatisticValues: structure('StatisticSet', {
    SampleCount: double(),
    Sum: double(),
    Minimum: double(),
    Maximum: double(),
  }),
  Values: list(double()),
  Counts: list(double()),
  Unit: string(),
  StorageResolution: integer(),
});

export const metric = structure('Metric', {
  Namespace: string(),
  MetricName: string(),
  Dimensions: list(dimension),
});

export const metricDataQuery = structure('MetricDataQuery', {
  Id: string(),
  MetricStat: structure('MetricStat', {
    Metric: metric,
    Period: integer(),
    Stat: string(),
    Unit: string(),
  }),
  Expression: string(),
  Label: string(),
  ReturnData: boolean(),
  Period: integer(),
  AccountId: string(),
});

export const messages = list(structure('MessageData', { Code: string(), Value: string() }));

/** CloudWatch API reference, MetricDatum, Unit; in its order. */
export const units = [
  ...['Seconds', 'Microseconds', 'Milliseconds', 'Bytes', 'Kilobytes', 'Megabytes', 'Gigabytes'],
  ...['Terabytes', 'Bits', 'Kilobits', 'Megabits', 'Gigabits', 'Terabits', 'Percent', 'Count'],
  ...['Bytes/Second', 'Kilobytes/Second', 'Megabytes/Second', 'Gigabytes/Second', 'Terabytes/Second'],
  ...['Bits/Second', 'Kilobits/Second', 'Megabits/Second', 'Gigabits/Second', 'Terabits/Second'],
  ...['Count/Second', 'None'],
] as const;
