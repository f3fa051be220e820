import type { Millis } from '../../../env/clock.ts';
import {
  double,
  integer,
  list,
  map,
  string,
  structure,
  type TypeOf,
  timestamp,
} from '../../../wire/shape.ts';
import { invalidCombination } from '../errors.ts';
import { fiveMinutesMs, minuteMs } from '../metrics/metric.ts';
import { minutesKeptMs } from '../metrics/metric-store.ts';
import type { TimedSample } from '../metrics/sample.ts';
import { operation } from '../operation.ts';
import { Findings } from '../parts/findings.ts';
import { metricOf } from '../parts/metric-target.ts';
import { periodMsOf } from '../parts/period.ts';
import { dimension, units } from '../parts/shapes.ts';
import { percentile, simpleStatistics, unservedStatistic } from '../parts/statistic.ts';
import { samplesByUnit, type Window } from '../parts/window.ts';

/** CloudWatch API reference, GetMetricStatistics. */
const datapointsMax = 1440;
const statisticsMax = 5;
const extendedMax = 10;

export const getMetricStatistics = operation({
  name: 'GetMetricStatistics',
  summary: 'Tells statistics of one metric, for each period of a span of time.',
  audit: 'data',
  input: structure('GetMetricStatisticsInput', {
    Namespace: string(),
    MetricName: string(),
    Dimensions: list(dimension),
    StartTime: timestamp(),
    EndTime: timestamp(),
    Period: integer(),
    Statistics: list(string()),
    ExtendedStatistics: list(string()),
    Unit: string(),
  }),
  output: structure('GetMetricStatisticsOutput', {
    Label: string(),
    Datapoints: list(
      structure('Datapoint', {
        Timestamp: timestamp(),
        SampleCount: double(),
        Average: double(),
        Sum: double(),
        Minimum: double(),
        Maximum: double(),
        Unit: string(),
        ExtendedStatistics: map(double()),
      }),
    ),
  }),
  prepare: ({ clock, metrics }, request, caller) => ({
    resource: '*',
    run: async () => {
      const findings = new Findings();
      const metric = metricOf(request, caller, findings, '');
      const window = windowOf(request, clock.now(), findings);
      const { Statistics: simple = [], ExtendedStatistics: extended = [] } = request;
      checkStatistics(simple, extended, findings);
      if (request.Unit !== undefined) findings.oneOf('Unit', request.Unit, units);
      findings.raise();
      if (metric === undefined || window === undefined) return {};
      requireFew(window);
      const found = (await metrics()).metrics.find(metric);
      const Datapoints = samplesByUnit(found, window, request.Unit).flatMap(([Unit, samples]) =>
        samples.flatMap((sample) => datapointOf(sample, Unit, simple, extended) ?? []),
      );
      return { Label: metric.name, Datapoints };
    },
  }),
});

type Request = TypeOf<typeof getMetricStatistics.input>;

/** Times are rounded down: to a minute, and to five of what is older than what there is by the minute. */
function windowOf(request: Request, now: Millis, findings: Findings): Window | undefined {
  const start = findings.required('StartTime', request.StartTime);
  const end = findings.required('EndTime', request.EndTime);
  const periodMs = periodMsOf('Period', request.Period, findings);
  if (start === undefined || end === undefined) return undefined;
  if (start > end) findings.invalid('The parameter StartTime must be less than the parameter EndTime.');
  if (start === end) findings.invalid('The parameter StartTime must not equal parameter EndTime.');
  if (periodMs === undefined) return undefined;
  const isOld = start < now - minutesKeptMs && periodMs % fiveMinutesMs === 0;
  const step = isOld ? fiveMinutesMs : minuteMs;
  return { start: Math.floor(start / step) * step, end, periodMs, now };
}

function checkStatistics(simple: readonly string[], extended: readonly string[], findings: Findings): void {
  if (simple.length === 0 && extended.length === 0) {
    throw invalidCombination('Must specify either Statistics or ExtendedStatistics');
  }
  findings.list('Statistics', simple, statisticsMax);
  findings.list('ExtendedStatistics', extended, extendedMax);
  for (const [index, name] of simple.slice(0, statisticsMax).entries()) {
    findings.oneOf(`Statistics.member.${index + 1}`, name, Object.keys(simpleStatistics));
  }
  for (const [index, name] of extended.slice(0, extendedMax).entries()) {
    if (unservedStatistic.test(name)) findings.invalid(`The statistic ${name} is not served yet.`);
    else if (percentile(name) === undefined) {
      findings.invalidValue(`ExtendedStatistics.member.${index + 1}`, name);
    }
  }
}

function requireFew({ start, end, periodMs }: Window): void {
  const count = Math.floor((end - start) / periodMs);
  if (count <= datapointsMax) return;
  throw invalidCombination(
    `You have requested up to ${grouped(count)} datapoints, which exceeds the limit of ` +
      `${grouped(datapointsMax)}. You may reduce the datapoints requested by increasing Period, or ` +
      'decreasing the time range.',
  );
}

function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** Undefined where a sample says nothing of what is asked: the values of some are not known one by one. */
function datapointOf(
  sample: TimedSample,
  Unit: string,
  simple: readonly string[],
  extended: readonly string[],
) {
  const known = extended.flatMap((name) => {
    const value = percentile(name)?.(sample);
    return value === undefined ? [] : [[name, value] as const];
  });
  if (simple.length === 0 && known.length === 0) return undefined;
  const asked = simple.map((name) => [name, simpleStatistics[name]!(sample)] as const);
  return {
    Timestamp: sample.time,
    ...Object.fromEntries(asked),
    Unit,
    ...(known.length > 0 && { ExtendedStatistics: Object.fromEntries(known) }),
  };
}
