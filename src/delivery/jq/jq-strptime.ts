import { type DateFields, dateFieldsOf, dayNames, monthNames } from './jq-date-fields.ts';
import { JqError } from './jq-error.ts';

/**
 * Reads a text by a format of C (`strptime`). `JqError` where it is not that, or for a letter that is not
 * done.
 */
export function readDate(format: string, text: string): DateFields {
  const read: Read = { year: 1900, month: 0, day: 1, hour: 0, minute: 0, second: 0 };
  const rest = readBy(format, text, read);
  if (rest !== '') throw notRead(text, format);
  const date = new Date(Date.UTC(read.year, read.month, read.day, read.hour, read.minute, read.second));
  const isThatDay = date.getUTCMonth() === read.month && date.getUTCDate() === read.day;
  if (!isThatDay) throw notRead(text, format);
  return dateFieldsOf(date, 0);
}

type Read = { year: number; month: number; day: number; hour: number; minute: number; second: number };

/** What is left of the text. */
function readBy(format: string, text: string, read: Read): string {
  let rest = text;
  for (const [, letter, spaces, char] of format.matchAll(/%([a-zA-Z%]|.|$)|(\s+)|([\s\S])/g)) {
    if (spaces !== undefined) rest = rest.trimStart();
    else if (char !== undefined) {
      if (!rest.startsWith(char)) throw notRead(text, format);
      rest = rest.slice(char.length);
    } else {
      rest = readField(letter!, rest, read) ?? '\0';
      if (rest === '\0') throw notRead(text, format);
    }
  }
  return rest;
}

/** Undefined where the text does not begin with such a field. */
function readField(letter: string, text: string, read: Read): string | undefined {
  const composed = compositions[letter];
  if (composed !== undefined) return readBy(composed, text, read);
  const reader = readers[letter];
  if (reader === undefined) throw new JqError(`strptime: %${letter} is not supported in a query`);
  const found = reader.pattern.exec(text)?.[0];
  if (found === undefined || reader.set(read, found) === false) return undefined;
  return text.slice(found.length);
}

const compositions: Readonly<Record<string, string>> = {
  F: '%Y-%m-%d',
  T: '%H:%M:%S',
  R: '%H:%M',
};

type Reader = { readonly pattern: RegExp; readonly set: (read: Read, found: string) => unknown };

const readers: Readonly<Record<string, Reader>> = {
  Y: { pattern: /^[0-9]{1,4}/, set: (read, found) => (read.year = Number(found)) },
  m: number2((read, value) => (read.month = value - 1), 1, 12),
  d: number2((read, value) => (read.day = value), 1, 31),
  e: number2((read, value) => (read.day = value), 1, 31),
  H: number2((read, value) => (read.hour = value), 0, 23),
  M: number2((read, value) => (read.minute = value), 0, 59),
  S: number2((read, value) => (read.second = value), 0, 60),
  b: monthReader(),
  B: monthReader(),
  h: monthReader(),
  a: dayReader(),
  A: dayReader(),
  Z: { pattern: /^[A-Za-z]+/, set: () => true },
  '%': { pattern: /^%/, set: () => true },
  n: { pattern: /^\s*/, set: () => true },
  t: { pattern: /^\s*/, set: () => true },
};

function number2(set: (read: Read, value: number) => void, min: number, max: number): Reader {
  return {
    pattern: /^[0-9]{1,2}/,
    set(read, found) {
      const value = Number(found);
      if (value < min || value > max) return false;
      set(read, value);
      return true;
    },
  };
}

function monthReader(): Reader {
  return {
    pattern: nameOf(monthNames),
    set(read, found) {
      read.month = monthNames.findIndex(
        (name) => name.slice(0, 3).toLowerCase() === found.slice(0, 3).toLowerCase(),
      );
    },
  };
}

function dayReader(): Reader {
  return { pattern: nameOf(dayNames), set: () => true };
}

/** Names, whole or their first three letters, in any case. */
function nameOf(names: readonly string[]): RegExp {
  return new RegExp(`^(?:${names.map((name) => `${name}|${name.slice(0, 3)}`).join('|')})`, 'i');
}

function notRead(text: string, format: string): JqError {
  return new JqError(`date "${text}" does not match format "${format}"`);
}
