import type { Millis } from '../../../env/clock.ts';
import type { MetricQuery } from './metric-query.ts';

type Point = { readonly time: Millis; readonly value: number };

/** `+0130` (CloudWatch API reference, LabelOptions). */
export const timezoneForm = /^[+-](?:0\d|1[0-4])[0-5]\d$/;

/**
 * What a query's result is called: its own label, in which `${…}` stands for what is known of the points
 * (CloudWatch user guide, "Use dynamic labels"), or the metric's name. What is not known stays as it is.
 */
export function labelOf(query: MetricQuery, points: readonly Point[], timezone: string): string {
  const { label, metric } = query;
  if (label === undefined) return metric.name;
  const inOrder = points.toSorted((left, right) => left.time - right.time);
  return label.replace(/\$\{([^}]{1,300})\}/g, (text, name: string) => {
    const told = valueOfName(name.trim(), inOrder, timezone) ?? propertyOf(name.trim(), query);
    return told ?? text;
  });
}

function valueOfName(name: string, points: readonly Point[], timezone: string): string | undefined {
  if (name === 'DATAPOINT_COUNT') return String(points.length);
  const [, of, kind] = /^(MIN|MAX|FIRST|LAST|AVG|SUM)(_TIME)?$/.exec(name) ?? [];
  if (of === undefined) return undefined;
  if (points.length === 0) return '--';
  if (of === 'AVG' || of === 'SUM') {
    const sum = points.reduce((total, { value }) => total + value, 0);
    return kind === undefined ? numberText(of === 'SUM' ? sum : sum / points.length) : undefined;
  }
  const point = pointOf(of, points);
  return kind === undefined ? numberText(point.value) : timeText(point.time, timezone);
}

function pointOf(of: string, points: readonly Point[]): Point {
  if (of === 'FIRST') return points[0]!;
  if (of === 'LAST') return points.at(-1)!;
  const isBetter = (value: number, than: number) => (of === 'MIN' ? value < than : value > than);
  return points.reduce((best, point) => (isBetter(point.value, best.value) ? point : best));
}

function numberText(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}

/** A time where clocks are so much ahead: `2026-11-29T05:00:00`. */
function timeText(time: Millis, timezone: string): string {
  const minutes = Number(timezone.slice(1, 3)) * 60 + Number(timezone.slice(3));
  const ahead = (timezone.startsWith('-') ? -minutes : minutes) * 60_000;
  return new Date(time + ahead).toISOString().slice(0, 19);
}

function propertyOf(name: string, { metric, stat, periodMs }: MetricQuery): string | undefined {
  if (name === 'LABEL') return metric.name;
  const [, property] = /^PROP\('([^']+)'\)$/.exec(name) ?? [];
  if (property?.startsWith('Dim.')) {
    return metric.dimensions.find((each) => each.name === property.slice('Dim.'.length))?.value;
  }
  const known: Readonly<Record<string, string>> = {
    AccountId: metric.account,
    MetricName: metric.name,
    Namespace: metric.namespace,
    Period: String(periodMs / 1000),
    Region: metric.region,
    Stat: stat,
  };
  return property !== undefined && Object.hasOwn(known, property) ? known[property] : undefined;
}
