import { percentileIn, type Sample } from '../metrics/sample.ts';

/** Reads one number from a sample; undefined where the sample does not say it. */
export type Statistic = (sample: Sample) => number | undefined;

/** Those that every sample says, in the order of CloudWatch's model. */
export const simpleStatistics: Readonly<Record<string, (sample: Sample) => number>> = {
  SampleCount: ({ count }) => count,
  Average: ({ sum, count }) => sum / count,
  Sum: ({ sum }) => sum,
  Minimum: ({ minimum }) => minimum,
  Maximum: ({ maximum }) => maximum,
};

/** The percentile that is called so: `p99.9`; undefined for what is called otherwise. */
export function percentile(name: string): Statistic | undefined {
  const [, digits] = percentileForm.exec(name) ?? [];
  return digits === undefined ? undefined : (sample) => percentileIn(sample, Number(digits));
}

/** CloudWatch user guide, "Statistics definitions", Percentile: up to ten decimal places. */
const percentileForm = /^p(\d{1,2}(?:\.\d{0,10})?|100)$/;

/** The statistic of any of these names. */
export function statistic(name: string): Statistic | undefined {
  return Object.hasOwn(simpleStatistics, name) ? simpleStatistics[name] : percentile(name);
}

/** AWS's others: trimmed and winsorized means, counts and sums between bounds (same page). */
export const unservedStatistic = /^(?:IQM|(?:tm|tc|ts|wm)[\d.]+|(?:TM|TC|TS|WM|PR)\(.*\))$/;
