// This file has state: the language, and formats that were made before.
import { language } from './text.ts';

/** Numbers and times as the language of the page writes them. Each is drawn anew when that changes. */
export const format = {
  /** `1,234`; with `digits` after the point at most. */
  number: (value: number, digits = 0) => numbers(digits).format(value),
  /** `1.2 k` for axes and small places: three figures. */
  short: (value: number) =>
    made('short', (locale) => new Intl.NumberFormat(locale, shortOptions)).format(value),
  /** `12 %` of a share from 0 to 1. */
  percent: (share: number, digits = 0) =>
    made(`percent${digits}`, (locale) => {
      return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: digits });
    }).format(share),
  /** `1.5 MiB`, in units of 1,024. */
  bytes: (bytes: number) => {
    const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
    const value = bytes / 1024 ** step;
    return `${numbers(value < 10 && step > 0 ? 1 : 0).format(value)} ${units[step]}`;
  },
  /** Date and time of day of seconds since 1970, in the time zone of the browser. */
  time: (seconds: number) =>
    made('time', (locale) => new Intl.DateTimeFormat(locale, timeOptions)).format(seconds * 1000),
  /** Time of day of seconds since 1970: `18:05`, or with `medium` `18:05:30`. */
  clock: (seconds: number, timeStyle: 'short' | 'medium') =>
    made(timeStyle, (locale) => new Intl.DateTimeFormat(locale, { timeStyle })).format(seconds * 1000),
  /** The day of seconds since 1970, without the year: `Nov 29`. */
  day: (seconds: number) =>
    made('day', (locale) => new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric' })).format(
      seconds * 1000,
    ),
  /** `3 minutes ago`, of seconds since 1970, as of `now` in milliseconds. */
  ago: (seconds: number, now: number) => {
    const [value, unit] = inUnits(seconds - now / 1000);
    return made('ago', (locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })).format(
      value,
      unit,
    );
  },
  /** `250 ms`, `12 s`, `3 min`, `2.5 h`, `4 d`. */
  duration: (ms: number) => {
    if (ms < 1_000) return `${numbers(0).format(ms)} ms`;
    const [most, name, whole] = spans.find(([most]) => ms < most) ?? spans.at(-1)!;
    return `${numbers(ms / whole < 10 && most > 60_000 ? 1 : 0).format(ms / whole)} ${name}`;
  },
} as const;

/** What a span ends before, its unit, and that in milliseconds. */
const spans: readonly (readonly [most: number, unit: string, whole: number])[] = [
  [60_000, 's', 1_000],
  [3_600_000, 'min', 60_000],
  [48 * 3_600_000, 'h', 3_600_000],
  [Number.POSITIVE_INFINITY, 'd', 24 * 3_600_000],
];

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
const shortOptions = { notation: 'compact', maximumSignificantDigits: 3 } as const;
const timeOptions = { dateStyle: 'medium', timeStyle: 'medium' } as const;

function inUnits(seconds: number): [number, Intl.RelativeTimeFormatUnit] {
  const size = Math.abs(seconds);
  if (size < 60) return [Math.round(seconds), 'second'];
  if (size < 3_600) return [Math.round(seconds / 60), 'minute'];
  if (size < 48 * 3_600) return [Math.round(seconds / 3_600), 'hour'];
  return [Math.round(seconds / (24 * 3_600)), 'day'];
}

function numbers(digits: number): Intl.NumberFormat {
  return made(
    `number${digits}`,
    (locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: digits }),
  );
}

/** To make one takes long. */
const kept = new Map<string, unknown>();

function made<Format>(name: string, make: (locale: string) => Format): Format {
  const key = `${language.value}/${name}`;
  if (!kept.has(key)) kept.set(key, make(language.value));
  return kept.get(key) as Format;
}
