/** Where things stand in a chart: no more than arithmetic. */

/**
 * Round values from 0 to `most`, `count` of them besides 0 or fewer, for the lines of a grid; `base` is 1,024
 * for bytes, whose units are that far apart.
 */
export function valueTicks(most: number, count: number, base: 10 | 1024 = 10): number[] {
  const unit = powerBelow(most / count, base);
  const step = unit * roundStep(most / count / unit);
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, index) => index * step);
}

/** The least of 1, 2, 2.5 and 5 times a power of ten that is not below `step`. */
function roundStep(step: number): number {
  const power = powerBelow(step, 10);
  return power * ([1, 2, 2.5, 5].find((digit) => digit * power >= step) ?? 10);
}

function powerBelow(value: number, base: number): number {
  return base ** Math.floor(Math.log(value) / Math.log(base));
}

/**
 * Round times between two, in seconds since 1970, `count` of them or fewer, and the seconds between them.
 * What is round is so by the clock on the wall, which is `zoneSeconds` ahead of UTC.
 */
export function timeTicks(from: number, until: number, count: number, zoneSeconds: number): TimeTicks {
  const least = (until - from) / count;
  const step = roundSeconds.find((seconds) => seconds >= least) ?? Math.ceil(least / daySeconds) * daySeconds;
  const first = Math.ceil((from + zoneSeconds) / step) * step - zoneSeconds;
  const length = Math.max(0, Math.floor((until - first) / step) + 1);
  return { step, times: Array.from({ length }, (_, index) => first + index * step) };
}

export type TimeTicks = { readonly step: number; readonly times: readonly number[] };

export const daySeconds = 86_400;

const roundSeconds = [
  ...[1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800],
  ...[3_600, 7_200, 10_800, 21_600, 43_200, daySeconds],
];

/** The place of the time that is nearest to one, among at least one that grow. */
export function nearestPlace(times: readonly number[], time: number): number {
  let low = 0;
  let high = times.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (times[middle]! <= time) low = middle;
    else high = middle;
  }
  return Math.abs(times[high]! - time) < Math.abs(time - times[low]!) ? high : low;
}

/** The path of an SVG through values, with a gap where there is none; one that stands alone is a point. */
export function curveOf(
  values: readonly (number | null)[],
  x: (place: number) => number,
  y: (value: number) => number,
): string {
  let path = '';
  let isOn = false;
  for (const [place, value] of values.entries()) {
    if (value !== null) path += `${isOn ? 'L' : 'M'}${x(place).toFixed(1)} ${y(value).toFixed(1)}`;
    if (value !== null && !isOn) path += 'h0';
    isOn = value !== null;
  }
  return path;
}
