import type { Caller } from '../../../access/caller.ts';
import type { Millis } from '../../../env/clock.ts';
import type { TypeOf } from '../../../wire/shape.ts';
import type { MetricName } from '../metrics/metric.ts';
import type { Findings } from './findings.ts';
import { metricOf } from './metric-target.ts';
import { periodMsOf } from './period.ts';
import { type metricDataQuery, units } from './shapes.ts';
import { type Statistic, statistic, unservedStatistic } from './statistic.ts';

/** One query of GetMetricData, checked. */
export type MetricQuery = {
  readonly id: string;
  readonly metric: MetricName;
  readonly periodMs: Millis;
  readonly stat: string;
  readonly statistic: Statistic;
  readonly unit: string | undefined;
  readonly label: string | undefined;
  readonly isReturned: boolean;
  /** Whether it asks for the metrics of another account, which nobody may. */
  readonly isForeign: boolean;
};

type Asked = TypeOf<typeof metricDataQuery>;

/** Undefined when something is wrong with it. */
export function queryOf(
  asked: Asked,
  caller: Caller,
  findings: Findings,
  path: string,
): MetricQuery | undefined {
  const id = idOf(asked.Id, findings, path);
  if (asked.Expression !== undefined) {
    findings.invalid(`${path}.Expression: metric math, searches and Metrics Insights are not served yet.`);
    return undefined;
  }
  const stat = findings.required(`${path}.MetricStat`, asked.MetricStat);
  if (stat === undefined) return undefined;
  const at = `${path}.MetricStat`;
  const named = findings.required(`${at}.Metric`, stat.Metric);
  const metric = named && metricOf(named, caller, findings, `${at}.Metric.`);
  const periodMs = periodMsOf(`${at}.Period`, stat.Period, findings);
  const read = statisticOf(stat.Stat, findings, `${at}.Stat`);
  if (stat.Unit !== undefined) findings.oneOf(`${at}.Unit`, stat.Unit, units);
  if (!id || !metric || !periodMs || !read || stat.Stat === undefined) return undefined;
  const { Label: label, ReturnData: isReturned = true, AccountId = caller.account } = asked;
  const isForeign = AccountId !== caller.account;
  return {
    ...{ id, metric, periodMs, stat: stat.Stat, unit: stat.Unit },
    statistic: read,
    label,
    isReturned,
    isForeign,
  };
}

function idOf(asked: string | undefined, findings: Findings, path: string): string | undefined {
  const id = findings.text(`${path}.Id`, asked, idMax);
  if (id === undefined || idForm.test(id)) return id;
  findings.invalid(
    `The value ${id} for parameter ${path}.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.`,
  );
  return undefined;
}

/** CloudWatch API reference, MetricDataQuery, Id. */
const idMax = 255;
const idForm = /^[a-z][a-zA-Z0-9_]*$/;

function statisticOf(asked: string | undefined, findings: Findings, path: string): Statistic | undefined {
  const name = findings.required(path, asked);
  if (name === undefined) return undefined;
  const found = statistic(name);
  if (found === undefined) {
    if (unservedStatistic.test(name)) findings.invalid(`The statistic ${name} is not served yet.`);
    else findings.invalidValue(path, name);
  }
  return found;
}
