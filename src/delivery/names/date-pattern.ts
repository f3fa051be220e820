import type { Millis } from '../../env/clock.ts';
import { type LocalTime, localTimes } from './local-time.ts';
import { NamesError } from './names-error.ts';

/** A moment in a pattern of Java's DateTimeFormatter. */
export type DatePattern = (at: Millis) => string;

/**
 * Compiles a pattern of Java's `DateTimeFormatter` (its page in the Java SE documentation, "Patterns for
 * Formatting and Parsing"). Letters are fields, what is in quotes is text, two quotes are one. `NamesError`
 * where it is none, or asks for what is not done here.
 */
export function compileDatePattern(pattern: string, timeZone: string): DatePattern {
  const fields: ((time: LocalTime) => string)[] = [];
  let at = 0;
  while (at < pattern.length) {
    const char = pattern[at]!;
    if (char === "'") {
      const quoted = quotedAt(pattern, at);
      fields.push(() => quoted.text);
      at = quoted.end;
    } else if (/[A-Za-z]/.test(char)) {
      let end = at + 1;
      while (pattern[end] === char) end++;
      fields.push(fieldOf(char, end - at, pattern));
      at = end;
    } else if ('{}#'.includes(char)) {
      throw invalid(pattern);
    } else {
      if (!'[]'.includes(char)) fields.push(() => char);
      at++;
    }
  }
  const timeOf = localTimes(timeZone);
  return (moment) => {
    const time = timeOf(moment);
    return fields.map((field) => field(time)).join('');
  };
}

function quotedAt(pattern: string, start: number): { readonly text: string; readonly end: number } {
  if (pattern[start + 1] === "'") return { text: "'", end: start + 2 };
  let text = '';
  for (let at = start + 1; at < pattern.length; at++) {
    if (pattern[at] !== "'") text += pattern[at];
    else if (pattern[at + 1] === "'") {
      text += "'";
      at++;
    } else return { text, end: at + 1 };
  }
  throw invalid(pattern);
}

function fieldOf(letter: string, count: number, pattern: string): (time: LocalTime) => string {
  const numeric = numbers[letter];
  if (numeric !== undefined && count <= numeric.lettersMax) {
    return (time) => String(numeric.of(time)).padStart(count, '0');
  }
  if ((letter === 'y' || letter === 'u') && count <= 19) {
    return (time) =>
      count === 2 ? String(time.year % 100).padStart(2, '0') : String(time.year).padStart(count, '0');
  }
  throw invalid(pattern);
}

const numbers: Readonly<
  Record<string, { readonly lettersMax: number; readonly of: (time: LocalTime) => number }>
> = {
  M: { lettersMax: 2, of: (time) => time.month },
  d: { lettersMax: 2, of: (time) => time.day },
  H: { lettersMax: 2, of: (time) => time.hour },
  m: { lettersMax: 2, of: (time) => time.minute },
  s: { lettersMax: 2, of: (time) => time.second },
};

function invalid(pattern: string): NamesError {
  return new NamesError(`Invalid timestamp pattern: ${pattern}`);
}
