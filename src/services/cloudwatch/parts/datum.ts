import type { Caller } from '../../../access/caller.ts';
import type { Millis } from '../../../env/clock.ts';
import { renderValue } from '../../../wire/render.ts';
import { double, type TypeOf } from '../../../wire/shape.ts';
import type { Datum } from '../metrics/metrics.ts';
import { type Sample, sampleOf } from '../metrics/sample.ts';
import { valuesMax } from '../metrics/spread.ts';
import type { Findings } from './findings.ts';
import { metricIn } from './metric-target.ts';
import { type metricDatum, units } from './shapes.ts';

type Asked = TypeOf<typeof metricDatum>;

/** What a request's data are put under, and when it came. */
type Putting = { readonly namespace: string; readonly caller: Caller; readonly now: Millis };

/** A datum as it is kept; undefined when something is wrong with it, or when it has no value at all. */
export function datumOf(
  asked: Asked,
  { namespace, caller, now }: Putting,
  findings: Findings,
  path: string,
): Datum | undefined {
  const { Timestamp: time = now, Unit: unit = 'None', StorageResolution: resolution = 60 } = asked;
  const metric = metricIn(namespace, asked, caller, findings, `${path}.`);
  findings.oneOf(`${path}.Unit`, unit, units);
  if (!resolutions.includes(resolution)) {
    findings.invalidValue(`${path}.StorageResolution`, String(resolution));
  }
  if (time < now - pastMax || time > now + futureMax) {
    findings.invalid(`The parameter ${path}.Timestamp must specify a time within the past two weeks.`);
  }
  const sample = sampleIn(asked, findings, path);
  return metric && sample && { metric, unit, time, sample };
}

/** Two weeks and two hours (CloudWatch API reference, PutMetricData). */
const pastMax: Millis = 14 * 24 * 3_600_000;
const futureMax: Millis = 2 * 3_600_000;

/** In seconds. Data come in either, and are kept at a minute. */
const resolutions: readonly number[] = [1, 60];

/** AWS takes values beside statistics. Values say more, so they are what counts. */
function sampleIn(asked: Asked, findings: Findings, path: string): Sample | undefined {
  const { Value: value, Values: values = [], StatisticValues: statistics } = asked;
  if (value !== undefined && statistics !== undefined) {
    findings.excluded(`${path}.Value`, `${path}.StatisticValues`);
  }
  if (value !== undefined && values.length > 0) findings.excluded(`${path}.Value`, `${path}.Values`);
  if (values.length > 0) return valuesOf(values, asked.Counts, findings, path);
  if (value !== undefined) {
    return number(value, findings, `${path}.Value`) ? sampleOf([value], [1]) : undefined;
  }
  if (statistics !== undefined) return statisticsOf(statistics, findings, `${path}.StatisticValues`);
  findings.missing(
    `At least one of the parameters ${path}.Value or ${path}.StatisticValues must be specified.`,
  );
  return undefined;
}

function valuesOf(
  values: readonly number[],
  counts: readonly number[] = values.map(() => 1),
  findings: Findings,
  path: string,
): Sample | undefined {
  findings.list(`${path}.Values`, values, valuesMax);
  if (counts.length !== values.length) {
    findings.invalid(`The parameters ${path}.Values and ${path}.Counts must be of the same size.`);
  }
  // As many as may be there: a finding for each is enough to read.
  const isGood = values.slice(0, valuesMax).map((value, index) => {
    const isValue = number(value, findings, `${path}.Values.member.${index + 1}`);
    const count = counts[index] ?? 0;
    const isCount = number(count, findings, `${path}.Counts.member.${index + 1}`) && count >= 0;
    if (count < 0) findings.invalidValue(`${path}.Counts.member.${index + 1}`, shown(count));
    return isValue && isCount;
  });
  const isAll = isGood.length === values.length && isGood.every(Boolean);
  return isAll ? sampleOf(values, counts) : undefined;
}

function statisticsOf(
  asked: NonNullable<Asked['StatisticValues']>,
  findings: Findings,
  path: string,
): Sample | undefined {
  const maximum = findings.required(`${path}.Maximum`, asked.Maximum);
  const minimum = findings.required(`${path}.Minimum`, asked.Minimum);
  const count = findings.required(`${path}.SampleCount`, asked.SampleCount);
  const sum = findings.required(`${path}.Sum`, asked.Sum);
  if (maximum === undefined || minimum === undefined || count === undefined || sum === undefined) {
    return undefined;
  }
  const named = { Maximum: maximum, Minimum: minimum, SampleCount: count, Sum: sum };
  const isGood = Object.entries(named).map(([name, value]) => number(value, findings, `${path}.${name}`));
  if (maximum < minimum) {
    findings.invalid(`The parameter ${path}.Maximum must be greater than ${path}.Minimum.`);
  }
  if (count < 0) findings.invalid(`The parameter ${path}.SampleCount must be greater than 0.`);
  if (count === 0) findings.invalid(`The parameter ${path}.SampleCount must not equal 0.`);
  return isGood.every(Boolean) ? { count, sum, minimum, maximum } : undefined;
}

/** Whether it is a number that CloudWatch takes: none that is none, and none beyond 2^360 either way. */
function number(value: number | undefined, findings: Findings, path: string): boolean {
  const given = findings.required(path, value);
  if (given === undefined || Math.abs(given) <= sizeMax) return given !== undefined;
  findings.invalidValue(path, shown(given));
  return false;
}

/** CloudWatch API reference, MetricDatum, Value. */
const sizeMax = 2 ** 360;

function shown(value: number): string {
  return renderValue(double(), value);
}
