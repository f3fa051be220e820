import { type DateFields, dateFieldsOf, dayNames, monthNames } from './jq-date-fields.ts';
import { JqError } from './jq-error.ts';

/** Writes a date by a format of C (`strftime`), in English. `JqError` for a letter that is not done. */
export function writeDate(format: string, fields: DateFields): string {
  return format.replace(/%([a-zA-Z%]|.|$)/gs, (_, letter: string) => {
    const write = writers[letter];
    if (write === undefined) throw new JqError(`strftime: %${letter} is not supported in a query`);
    return write(fields);
  });
}

type Writer = (fields: DateFields) => string;

const writers: Readonly<Record<string, Writer>> = {
  Y: ([year]) => String(year),
  C: ([year]) => padded(Math.floor(year! / 100), 2),
  y: ([year]) => padded(((year! % 100) + 100) % 100, 2),
  m: ([, month]) => padded(month! + 1, 2),
  d: ([, , day]) => padded(day!, 2),
  e: ([, , day]) => String(Math.trunc(day!)).padStart(2, ' '),
  H: ([, , , hour]) => padded(hour!, 2),
  I: ([, , , hour]) => padded(twelveHour(hour!), 2),
  M: ([, , , , minute]) => padded(minute!, 2),
  S: ([, , , , , second]) => padded(second!, 2),
  p: ([, , , hour]) => (hour! < 12 ? 'AM' : 'PM'),
  j: (fields) => padded(fields[7]! + 1, 3),
  a: (fields) => dayNames[fields[6]!]!.slice(0, 3),
  A: (fields) => dayNames[fields[6]!]!,
  b: ([, month]) => monthNames[month!]!.slice(0, 3),
  h: ([, month]) => monthNames[month!]!.slice(0, 3),
  B: ([, month]) => monthNames[month!]!,
  u: (fields) => String(fields[6] === 0 ? 7 : fields[6]),
  w: (fields) => String(fields[6]),
  U: (fields) => padded(Math.floor((fields[7]! + 7 - fields[6]!) / 7), 2),
  W: (fields) => padded(Math.floor((fields[7]! + 7 - ((fields[6]! + 6) % 7)) / 7), 2),
  V: (fields) => padded(isoWeek(fields).week, 2),
  G: (fields) => String(isoWeek(fields).year),
  g: (fields) => padded(isoWeek(fields).year % 100, 2),
  F: (fields) => writeDate('%Y-%m-%d', fields),
  D: (fields) => writeDate('%m/%d/%y', fields),
  T: (fields) => writeDate('%H:%M:%S', fields),
  R: (fields) => writeDate('%H:%M', fields),
  Z: () => 'UTC',
  z: () => '+0000',
  n: () => '\n',
  t: () => '\t',
  '%': () => '%',
};

function padded(value: number, length: number): string {
  return String(Math.trunc(value)).padStart(length, '0');
}

function twelveHour(hour: number): number {
  return ((Math.trunc(hour) + 11) % 12) + 1;
}

/** Weeks begin on Monday; the first one has the year's first Thursday (ISO 8601). */
function isoWeek([year, month, day]: DateFields): { readonly year: number; readonly week: number } {
  const thursday = new Date(Date.UTC(year!, month!, day!));
  thursday.setUTCDate(thursday.getUTCDate() + 3 - ((thursday.getUTCDay() + 6) % 7));
  const [ofYear, , , , , , , dayOfYear] = dateFieldsOf(thursday, 0);
  return { year: ofYear!, week: Math.floor(dayOfYear! / 7) + 1 };
}
