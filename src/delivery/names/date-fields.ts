import { ownOf } from '../own-of.ts';
import type { LocalTime } from './local-time.ts';
import { zoneFieldOf } from './zone-fields.ts';

type DateField = (time: LocalTime) => string;

/** What so many of a letter stand for; undefined where there is no such field. */
export function dateFieldOf(letter: string, count: number): DateField | undefined {
  const number = ownOf(numbers, letter);
  if (number !== undefined && count <= number.lettersMax) {
    return (time) => String(number.of(time)).padStart(count, '0');
  }
  const text = ownOf(texts, letter);
  // Java has no `cc`.
  if (text !== undefined && count <= 5 && !(letter === 'c' && count === 2))
    return (time) => text(time)[count < 4 ? 0 : count === 4 ? 1 : 2];
  const year = ownOf(years, letter);
  if (year !== undefined && count <= 19) return (time) => yearText(year(time), count);
  if (letter === 'a' && count === 1) return (time) => (time.hour < 12 ? 'AM' : 'PM');
  if (letter === 'S' && count <= 9) return () => '0'.repeat(count);
  return zoneFieldOf(letter, count);
}

const years: Readonly<Record<string, (time: LocalTime) => number>> = {
  y: ({ year }) => year,
  u: ({ year }) => year,
  Y: (time) => weekOf(time).year,
};

/** Two letters: two digits. Four and more: a plus before a year that is longer than they are. */
function yearText(year: number, count: number): string {
  if (count === 2) return String(year % 100).padStart(2, '0');
  const text = String(year).padStart(count, '0');
  return count >= 4 && text.length > count ? `+${text}` : text;
}

type NumberField = { readonly lettersMax: number; readonly of: (time: LocalTime) => number };

const numbers: Readonly<Record<string, NumberField>> = {
  M: { lettersMax: 2, of: ({ month }) => month },
  L: { lettersMax: 2, of: ({ month }) => month },
  d: { lettersMax: 2, of: ({ day }) => day },
  D: { lettersMax: 3, of: dayOfYear },
  H: { lettersMax: 2, of: ({ hour }) => hour },
  k: { lettersMax: 2, of: ({ hour }) => (hour === 0 ? 24 : hour) },
  K: { lettersMax: 2, of: ({ hour }) => hour % 12 },
  h: { lettersMax: 2, of: ({ hour }) => ((hour + 11) % 12) + 1 },
  m: { lettersMax: 2, of: ({ minute }) => minute },
  s: { lettersMax: 2, of: ({ second }) => second },
  n: { lettersMax: 19, of: () => 0 },
  A: { lettersMax: 19, of: (time) => secondOfDay(time) * 1000 },
  N: { lettersMax: 19, of: (time) => secondOfDay(time) * 1_000_000_000 },
  Q: { lettersMax: 2, of: quarterOf },
  q: { lettersMax: 2, of: quarterOf },
  e: { lettersMax: 2, of: (time) => weekday(time) + 1 },
  c: { lettersMax: 1, of: (time) => weekday(time) + 1 },
  w: { lettersMax: 2, of: (time) => weekOf(time).week },
  W: { lettersMax: 1, of: weekOfMonth },
  F: { lettersMax: 1, of: ({ day }) => ((day - 1) % 7) + 1 },
};

type Names = readonly [short: string, full: string, narrow: string];

const texts: Readonly<Record<string, (time: LocalTime) => Names>> = {
  M: monthNames,
  L: monthNames,
  E: dayNames,
  e: dayNames,
  c: dayNames,
  G: () => ['AD', 'Anno Domini', 'A'],
  Q: quarterNames,
  q: quarterNames,
};

function monthNames({ month }: LocalTime): Names {
  const full = months[month - 1]!;
  return [full.slice(0, 3), full, full.slice(0, 1)];
}

const months = 'January February March April May June July August September October November December'.split(
  ' ',
);

function dayNames(time: LocalTime): Names {
  const full = days[weekday(time)]!;
  return [full.slice(0, 3), full, full.slice(0, 1)];
}

const days = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

function quarterNames(time: LocalTime): Names {
  const quarter = quarterOf(time);
  return [`Q${quarter}`, `${['1st', '2nd', '3rd', '4th'][quarter - 1]} quarter`, String(quarter)];
}

function quarterOf({ month }: LocalTime): number {
  return Math.ceil(month / 3);
}

function secondOfDay({ hour, minute, second }: LocalTime): number {
  return (hour * 60 + minute) * 60 + second;
}

/** From 1. */
function dayOfYear({ year, month, day }: LocalTime): number {
  return (Date.UTC(year, month - 1, day) - Date.UTC(year, 0)) / dayMs + 1;
}

/** From 0, Sunday. */
function weekday({ year, month, day }: LocalTime): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay();
}

function weekOfMonth(time: LocalTime): number {
  const first = weekday({ ...time, day: 1 });
  return Math.floor((time.day - 1 + first) / 7) + 1;
}

/** Weeks of the United States, as Java's English has them: from Sunday, and the first has January 1. */
function weekOf(time: LocalTime): { readonly year: number; readonly week: number } {
  const first = weekday({ ...time, month: 1, day: 1 });
  const firstOfNext = weekday({ ...time, year: time.year + 1, month: 1, day: 1 });
  const untilNext = (Date.UTC(time.year + 1, 0) - Date.UTC(time.year, time.month - 1, time.day)) / dayMs;
  if (untilNext <= firstOfNext) return { year: time.year + 1, week: 1 };
  return { year: time.year, week: Math.floor((dayOfYear(time) - 1 + first) / 7) + 1 };
}

const dayMs = 86_400_000;
