import { crc32 } from 'node:zlib';
import type { Caller } from '../../../access/caller.ts';
import type { Millis } from '../../../env/clock.ts';
import { double, integer, list, string, structure, type TypeOf, timestamp } from '../../../wire/shape.ts';
import { invalidToken, validationError } from '../errors.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { operation } from '../operation.ts';
import { Findings } from '../parts/findings.ts';
import { labelOf, timezoneForm } from '../parts/label.ts';
import { type MetricQuery, queryOf } from '../parts/metric-query.ts';
import { messages, metricDataQuery } from '../parts/shapes.ts';
import { samplesByUnit } from '../parts/window.ts';

/** CloudWatch API reference, GetMetricData. */
const queriesMax = 500;
const datapointsMax = 100_800;
const orders = ['TimestampDescending', 'TimestampAscending'];

export const getMetricData = operation({
  name: 'GetMetricData',
  summary: 'Tells a statistic of each of several metrics over a span of time. There is no metric math.',
  audit: 'data',
  input: structure('GetMetricDataInput', {
    MetricDataQueries: list(metricDataQuery),
    StartTime: timestamp(),
    EndTime: timestamp(),
    NextToken: string(),
    ScanBy: string(),
    MaxDatapoints: integer(),
    LabelOptions: structure('LabelOptions', { Timezone: string() }),
  }),
  output: structure('GetMetricDataOutput', {
    MetricDataResults: list(
      structure('MetricDataResult', {
        Id: string(),
        Label: string(),
        Timestamps: list(timestamp()),
        Values: list(double()),
        StatusCode: string(),
        Messages: messages,
      }),
    ),
    NextToken: string(),
    Messages: messages,
  }),
  prepare: ({ clock, metrics }, request, caller) => ({
    resource: '*',
    run: async () => {
      const asked = askedIn(request, caller);
      const store = await metrics();
      const now = clock.now();
      const { page, rest } = pageOf(asked, (query) => pointsOf(store.metrics, query, asked, now));
      const MetricDataResults = page.map(({ query, points, isWhole, all }) => ({
        Id: query.id,
        Label: labelOf(query, all, asked.timezone),
        Timestamps: points.map(({ time }) => time),
        Values: points.map(({ value }) => value),
        StatusCode: query.isForeign ? 'Forbidden' : isWhole ? 'Complete' : 'PartialData',
      }));
      return { MetricDataResults, NextToken: rest, Messages: [] };
    },
  }),
});

type Request = TypeOf<typeof getMetricData.input>;

/** A checked request. */
type Asked = {
  readonly queries: readonly MetricQuery[];
  readonly start: Millis;
  readonly end: Millis;
  readonly isAscending: boolean;
  readonly pointsMax: number;
  readonly timezone: string;
  readonly from: Mark | undefined;
  readonly digest: number;
};

function askedIn(request: Request, caller: Caller): Asked {
  const { MetricDataQueries: queries = [], ScanBy = orders[0]!, LabelOptions, MaxDatapoints } = request;
  const findings = new Findings();
  if (queries.length === 0) findings.missing('The parameter MetricDataQueries is required.');
  findings.list('MetricDataQueries', queries, queriesMax);
  const start = findings.required('StartTime', request.StartTime) ?? 0;
  const end = findings.required('EndTime', request.EndTime) ?? 0;
  if (start > end) findings.invalid('The parameter EndTime must be greater than StartTime.');
  if (start === end && request.EndTime !== undefined) {
    findings.invalid('The parameter StartTime must not equal parameter EndTime.');
  }
  findings.oneOf('ScanBy', ScanBy, orders);
  if (MaxDatapoints !== undefined && MaxDatapoints < 1) {
    findings.invalid('The parameter MaxDatapoints must be greater than 0.');
  }
  const { Timezone: timezone = '+0000' } = LabelOptions ?? {};
  if (!timezoneForm.test(timezone)) findings.invalidValue('LabelOptions.Timezone', timezone);
  const checked = queries
    .slice(0, queriesMax)
    .flatMap(
      (query, index) => queryOf(query, caller, findings, `MetricDataQueries.member.${index + 1}`) ?? [],
    );
  if (new Set(checked.map(({ id }) => id)).size < checked.length) {
    findings.invalid('The values for parameter id in MetricDataQueries are not unique.');
  }
  findings.raiseAs(validationError);
  const digest = crc32(JSON.stringify([queries, start, end, ScanBy]));
  return {
    ...{ queries: checked, start, end, timezone, digest },
    isAscending: ScanBy === 'TimestampAscending',
    pointsMax: Math.min(MaxDatapoints ?? datapointsMax, datapointsMax),
    from: request.NextToken === undefined ? undefined : markOf(request.NextToken, digest, checked.length),
  };
}

type Point = { readonly time: Millis; readonly value: number };

/**
 * A query's points in the order that is asked for. Periods begin at their multiples. Without a unit the data
 * are those of one unit, as at AWS: of the first that there are any of.
 */
function pointsOf(metrics: Metrics, query: MetricQuery, asked: Asked, now: Millis): Point[] {
  const { metric, statistic, unit, periodMs, isForeign } = query;
  if (isForeign) return [];
  const start = Math.floor(asked.start / periodMs) * periodMs;
  const window = { start, end: asked.end, periodMs, now };
  const [[, samples] = ['', []]] = samplesByUnit(metrics.find(metric), window, unit);
  const points = samples.flatMap((sample) => {
    const value = statistic(sample);
    return value === undefined ? [] : [{ time: sample.time, value }];
  });
  return asked.isAscending ? points : points.reverse();
}

type Part = {
  readonly query: MetricQuery;
  readonly points: readonly Point[];
  readonly isWhole: boolean;
  /** Of this page and all others. */
  readonly all: readonly Point[];
};

/** Where a page ends: after a point of a query. */
type Mark = { readonly query: number; readonly after: Millis };

/**
 * The results from a mark on, as many points as a page takes, and the token of what is left. Queries that
 * there is no room for are not looked at.
 */
function pageOf(
  { queries, from, isAscending, pointsMax, digest }: Asked,
  pointsOfQuery: (query: MetricQuery) => readonly Point[],
): { page: readonly Part[]; rest: string | undefined } {
  const page: Part[] = [];
  let room = pointsMax;
  for (let index = from?.query ?? 0; index < queries.length; index++) {
    if (room === 0) return { page, rest: tokenOf({ query: index, after: beforeAll(isAscending) }, digest) };
    const query = queries[index]!;
    if (!query.isReturned) continue;
    const all = pointsOfQuery(query);
    const isLeft = ({ time }: Point) => (isAscending ? time > from!.after : time < from!.after);
    const left = index === from?.query ? all.filter(isLeft) : all;
    const points = left.slice(0, room);
    const isWhole = points.length === left.length;
    page.push({ query, points, isWhole, all });
    if (!isWhole) return { page, rest: tokenOf({ query: index, after: points.at(-1)!.time }, digest) };
    room -= points.length;
  }
  return { page, rest: undefined };
}

/** A time that no point has been told of. */
function beforeAll(isAscending: boolean): Millis {
  return isAscending ? Number.MIN_SAFE_INTEGER : Number.MAX_SAFE_INTEGER;
}

function tokenOf({ query, after }: Mark, digest: number): string {
  return Buffer.from(JSON.stringify([digest, query, after])).toString('base64url');
}

/** The mark in a token, which is good for the same queries only. */
function markOf(token: string, digest: number, queries: number): Mark {
  const [, said, query, after] = tokenForm.exec(Buffer.from(token, 'base64url').toString('latin1')) ?? [];
  const isOurs = Number(said) === digest && Number(query) < queries;
  if (!isOurs || after === undefined) throw invalidToken('The NextToken is invalid.');
  return { query: Number(query), after: Number(after) };
}

const tokenForm = /^\[(\d{1,10}),(\d{1,3}),(-?\d{1,16})\]$/;
