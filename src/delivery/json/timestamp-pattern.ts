import { SchemaError } from '../schema/schema-error.ts';
import { daysOf, type Instant, secondsOf } from './instant.ts';

/** A moment from a text; undefined for one that does not follow the pattern. UTC where no zone is said. */
export type TimestampPattern = (text: string) => Instant | undefined;

/**
 * A pattern of Joda-Time's DateTimeFormat, as far as it says moments of the calendar: y Y u M d D H k h K a m
 * s S Z z E, quoted text, and anything that is no letter. Throws `SchemaError` for others (weeks, eras and
 * centuries), in one line.
 */
export function openTimestampPattern(pattern: string): TimestampPattern {
  const fields: Field[] = [];
  const source = [...pieces(pattern)].map((piece) => sourceOf(piece, pattern, fields)).join('');
  if (fields.length > fieldsMax) throw new SchemaError(`The timestamp format '${pattern}' is too long.`);
  const expression = new RegExp(`^${source}$`, 'i');
  // Made once: there is a moment in each row, mostly.
  const groups = new Map(fields.map((field, index) => [field, index + 1] as const));
  return (text) => {
    const found = text.length > textMax ? null : expression.exec(text);
    return found === null ? undefined : instantOf(new Values(groups, found));
  };
}

/** Both bound what a text that almost follows a pattern can cost. */
const fieldsMax = 16;
const textMax = 100;

type Field = 'year' | 'shortYear' | 'month' | 'monthName' | 'day' | 'dayOfYear' | TimeField | 'zone' | 'skip';
type TimeField = 'hour' | 'hourFrom1' | 'hour12' | 'hour12From0' | 'half' | 'minute' | 'second' | 'fraction';
type Piece = { readonly letter: string; readonly count: number } | { readonly text: string };

function* pieces(pattern: string): Generator<Piece> {
  for (const [found, quoted, letters] of pattern.matchAll(/'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z]/gs)) {
    if (letters !== undefined) yield { letter: letters, count: found.length };
    else if (quoted !== undefined) yield { text: quoted === '' ? "'" : quoted.replaceAll("''", "'") };
    else yield { text: found };
  }
}

function sourceOf(piece: Piece, pattern: string, fields: Field[]): string {
  if ('text' in piece) return RegExp.escape(piece.text);
  const [field, source] = groupOf(piece.letter, piece.count, pattern);
  fields.push(field);
  return `(${source})`;
}

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const monthSource =
  'jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:tember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?';
const daySource =
  'mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?';
const zoneSource = 'Z|UTC|GMT|[+-]\\d{2}:?\\d{2}';

function groupOf(letter: string, count: number, pattern: string): readonly [Field, string] {
  const number = `\\d{${count},${Math.max(count, 2)}}`;
  switch (letter) {
    case 'y':
    case 'Y':
    case 'u':
      return count === 2 ? ['shortYear', '\\d{2}|\\d{4}'] : ['year', '\\d{4}'];
    case 'M':
      return count > 2 ? ['monthName', monthSource] : ['month', number];
    case 'd':
      return ['day', number];
    case 'D':
      return ['dayOfYear', '\\d{1,3}'];
    case 'H':
      return ['hour', number];
    case 'k':
      return ['hourFrom1', number];
    case 'h':
      return ['hour12', number];
    case 'K':
      return ['hour12From0', number];
    case 'a':
      return ['half', 'am|pm'];
    case 'm':
      return ['minute', number];
    case 's':
      return ['second', number];
    case 'S':
      return ['fraction', '\\d{1,9}'];
    case 'Z':
    case 'z':
      return ['zone', zoneSource];
    case 'E':
      return ['skip', daySource];
    default:
      throw new SchemaError(`The timestamp format '${pattern}' has '${letter}', which is not supported.`);
  }
}

/** What a text says of each field that its pattern has. */
class Values {
  readonly #groups: ReadonlyMap<Field, number>;
  readonly #found: RegExpExecArray;

  constructor(groups: ReadonlyMap<Field, number>, found: RegExpExecArray) {
    this.#groups = groups;
    this.#found = found;
  }

  get(field: Field): string | undefined {
    const group = this.#groups.get(field);
    return group === undefined ? undefined : this.#found[group];
  }
}

function instantOf(values: Values): Instant | undefined {
  const days = daysIn(values);
  const seconds = secondsIn(values);
  if (days === undefined || seconds === undefined) return undefined;
  const fraction = values.get('fraction');
  const micros = fraction === undefined ? 0 : Number(fraction.padEnd(6, '0').slice(0, 6));
  return { seconds: days * 86_400 + seconds - offsetIn(values), micros };
}

function daysIn(values: Values): number | undefined {
  const year = yearIn(values);
  const dayOfYear = values.get('dayOfYear');
  if (dayOfYear !== undefined) {
    const first = daysOf(year, 1, 1)!;
    const days = first + Number(dayOfYear) - 1;
    return days >= first && days < daysOf(year + 1, 1, 1)! ? days : undefined;
  }
  const name = values.get('monthName')?.slice(0, 3).toLowerCase();
  const month = name === undefined ? Number(values.get('month') ?? 1) : monthNames.indexOf(name) + 1;
  return daysOf(year, month, Number(values.get('day') ?? 1));
}

function yearIn(values: Values): number {
  const short = values.get('shortYear');
  if (short === undefined) return Number(values.get('year') ?? 1970);
  // Joda-Time's two digits are a year from 80 before this one to 19 after it; here this one is always 2026.
  return short.length > 2 ? Number(short) : Number(short) + (Number(short) > 45 ? 1900 : 2000);
}

function secondsIn(values: Values): number | undefined {
  const hour = hourIn(values);
  return hour === undefined
    ? undefined
    : secondsOf(hour, Number(values.get('minute') ?? 0), Number(values.get('second') ?? 0));
}

function hourIn(values: Values): number | undefined {
  const from1 = values.get('hourFrom1');
  if (from1 !== undefined) return Number(from1) > 24 ? undefined : Number(from1) % 24;
  const half = values.get('hour12') ?? values.get('hour12From0');
  if (half === undefined) return Number(values.get('hour') ?? 0);
  if (Number(half) > 12) return undefined;
  return (Number(half) % 12) + (values.get('half')?.toLowerCase() === 'pm' ? 12 : 0);
}

function offsetIn(values: Values): number {
  const zone = values.get('zone');
  const parts = zone === undefined ? null : /([+-])(\d{2}):?(\d{2})/.exec(zone);
  if (parts === null) return 0;
  return (parts[1] === '-' ? -1 : 1) * (Number(parts[2]) * 3600 + Number(parts[3]) * 60);
}
