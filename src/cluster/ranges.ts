/** Whole numbers from the first to the last. */
export type Range = readonly [first: number, last: number];

/** Ranges in order, none of which touches the next. */
export type Ranges = readonly Range[];

/** With one more number. */
export function withNumber(ranges: Ranges, number: number): Ranges {
  if (hasNumber(ranges, number)) return ranges;
  const before = ranges.filter(([, last]) => last < number - 1);
  const after = ranges.filter(([first]) => first > number + 1);
  const touching = ranges.slice(before.length, ranges.length - after.length);
  const first = Math.min(number, touching[0]?.[0] ?? number);
  const last = Math.max(number, touching.at(-1)?.[1] ?? number);
  return [...before, [first, last], ...after];
}

export function hasNumber(ranges: Ranges, number: number): boolean {
  return ranges.some(([first, last]) => first <= number && number <= last);
}
