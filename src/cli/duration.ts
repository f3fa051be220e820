import { StartError } from '../env/start-error.ts';

/** A duration such as `90s`, `15m`, `24h` or `7d`, in milliseconds; undefined where it is none. */
export function durationMsOf(text: string): number | undefined {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|min|h|d)$/.exec(text) ?? [];
  return amount === undefined ? undefined : Number(amount) * unitMs[unit!]!;
}

/** The same in whole hours, as AWS takes a retention. Throws `StartError` for what is none. */
export function hoursOf(text: string): number {
  const hours = (durationMsOf(text) ?? Number.NaN) / unitMs['h']!;
  if (Number.isInteger(hours)) return hours;
  throw new StartError(`'${text}' is no duration in whole hours, such as 24h or 7d`);
}

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
