import type { LocalTime } from './local-time.ts';
import { NamesError } from './names-error.ts';

type ZoneField = (time: LocalTime) => string;

/** Fields of a time zone in patterns of Java's DateTimeFormatter; undefined where there is no such field. */
export function zoneFieldOf(letter: string, count: number): ZoneField | undefined {
  switch (letter) {
    case 'V':
      return count === 2 ? ({ timeZone }) => timeZone : undefined;
    case 'z':
      return count <= 4 ? (time) => zoneName(time, count === 4) : undefined;
    case 'O':
      return count === 1 || count === 4 ? (time) => fromGmt(time, count === 4) : undefined;
    case 'X':
    case 'x':
      return count <= 5 ? (time) => offset(time, count, letter === 'X') : undefined;
    case 'Z':
      if (count < 4) return (time) => offset(time, 2, false);
      if (count === 4) return (time) => fromGmt(time, true);
      return count === 5 ? (time) => offset(time, 5, true) : undefined;
    default:
      return undefined;
  }
}

function zoneName(time: LocalTime, isLong: boolean): string {
  if (time.timeZone === 'UTC') return isLong ? 'Coordinated Universal Time' : 'UTC';
  // Java has short names of its own for these, and no table here says them.
  if (!isLong) throw new NamesError('Invalid timestamp expression: short names of time zones are not known');
  const format = new Intl.DateTimeFormat('en-US', { timeZone: time.timeZone, timeZoneName: 'long' });
  const named = format.formatToParts(time.at).find(({ type }) => type === 'timeZoneName');
  return named!.value;
}

/** `GMT+9` or `GMT+09:00`; `GMT` alone where there is no offset. */
function fromGmt({ offsetSeconds }: LocalTime, isFull: boolean): string {
  if (offsetSeconds === 0) return 'GMT';
  const { sign, hours, minutes, seconds } = partsOf(offsetSeconds);
  const withSeconds = seconds === 0 ? '' : `:${two(seconds)}`;
  if (isFull) return `GMT${sign}${two(hours)}:${two(minutes)}${withSeconds}`;
  const rest = minutes === 0 && seconds === 0 ? '' : `:${two(minutes)}${withSeconds}`;
  return `GMT${sign}${hours}${rest}`;
}

/**
 * By the count of letters: hours and, where there are some, minutes; both; both with a colon; and the last
 * two with seconds where there are some.
 */
function offset({ offsetSeconds }: LocalTime, count: number, hasZulu: boolean): string {
  if (offsetSeconds === 0 && hasZulu) return 'Z';
  const { sign, hours, minutes, seconds } = partsOf(offsetSeconds);
  if (count === 1 && minutes === 0) return `${sign}${two(hours)}`;
  const colon = count === 3 || count === 5 ? ':' : '';
  const withSeconds = count >= 4 && seconds !== 0 ? `${colon}${two(seconds)}` : '';
  return `${sign}${two(hours)}${colon}${two(minutes)}${withSeconds}`;
}

function partsOf(offsetSeconds: number) {
  const all = Math.abs(offsetSeconds);
  return {
    sign: offsetSeconds < 0 ? '-' : '+',
    hours: Math.floor(all / 3600),
    minutes: Math.floor(all / 60) % 60,
    seconds: all % 60,
  };
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
