import type { Findings } from './findings.ts';

/** Seconds of periods that need data by the second (CloudWatch API reference, MetricStat, Period). */
const shortPeriods: readonly number[] = [1, 5, 10, 20, 30];

/** A period in milliseconds; undefined when it is none. */
export function periodMsOf(name: string, asked: number | undefined, findings: Findings): number | undefined {
  const seconds = findings.required(name, asked);
  if (seconds === undefined) return undefined;
  if (seconds < 0) findings.invalid(`The parameter ${name} must be greater than 0.`);
  else if (seconds === 0) findings.invalid(`The parameter ${name} must not equal 0.`);
  else if (seconds % 60 === 0 || shortPeriods.includes(seconds)) return seconds * 1000;
  else findings.invalid(`The parameter ${name} must be a multiple of 60.`);
  return undefined;
}
