import { Points } from './points.ts';

export type Dimension = { readonly name: string; readonly value: string };

/** Which metric: two are the same only with the same dimensions, which come in the order of their names. */
export type MetricName = {
  readonly account: string;
  readonly region: string;
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly Dimension[];
};

/** A metric, with its data for each unit that they came in. */
export type Metric = {
  readonly called: MetricName;
  /** When data came last. */
  dataAt: number;
  readonly units: Map<string, Series>;
};

/** What is there twice is counted once: a sample goes from the minutes over to the five minutes. */
export type Series = { readonly minutes: Points; readonly fives: Points };

export const minuteMs = 60_000;
export const fiveMinutesMs = 5 * minuteMs;

/** What metrics are told apart by. */
export function keyOf({ account, region, namespace, name, dimensions }: MetricName): string {
  const parts = dimensions.flatMap((dimension) => [dimension.name, dimension.value]);
  return JSON.stringify([account, region, namespace, name, ...parts]);
}

/** Dimensions in the order in which metrics have them. */
export function sortedDimensions(dimensions: readonly Dimension[]): readonly Dimension[] {
  return dimensions.toSorted((left, right) => (left.name < right.name ? -1 : 1));
}

/** The series of a unit, made where there is none. */
export function seriesOf({ units }: Metric, unit: string): Series {
  const found = units.get(unit);
  if (found !== undefined) return found;
  const made = { minutes: new Points(), fives: new Points() };
  units.set(unit, made);
  return made;
}

/** What a metric takes of memory, nearly. */
export function bytesOf({ called, units }: Metric): number {
  let bytes = metricBytes + seriesBytes * units.size + nameBytes(called);
  for (const { minutes, fives } of units.values()) bytes += minutes.bytes + fives.bytes;
  return bytes;
}

/** Its texts, and again in its key. */
function nameBytes({ namespace, name, dimensions }: MetricName): number {
  const lengths = dimensions.reduce(
    (sum, each) => sum + dimensionBytes + each.name.length + each.value.length,
    0,
  );
  return 4 * (namespace.length + name.length + lengths);
}

/**
 * Objects, maps and arrays. Measured with Node 26 (`process.memoryUsage` around 20,000 metrics): of three
 * dimensions and with one point a metric takes 1,950 bytes, and 2,750 are counted; with 1,000 points it is 43
 * KB, and 46.
 */
const metricBytes = 900;
const seriesBytes = 600;
const dimensionBytes = 30;
