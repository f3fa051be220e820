/** Year, month from 0, day, hour, minute, second, weekday from Sunday, day of the year from 0. */
export type DateFields = readonly number[];

export function dateFieldsOf(date: Date, fraction: number): DateFields {
  const startOfYear = Date.UTC(date.getUTCFullYear(), 0);
  return [
    date.getUTCFullYear(),
    date.getUTCMonth(),
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds() + fraction,
    date.getUTCDay(),
    Math.floor((date.getTime() - startOfYear) / dayMs),
  ];
}

const dayMs = 86_400_000;

export const dayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
export const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
