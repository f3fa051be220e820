/** A moment: whole seconds since 1970, and how many microseconds after that. */
export type Instant = { readonly seconds: number; readonly micros: number };

/** Days from 1970-01-01 to a date of the proleptic Gregorian calendar; undefined for a date that is none. */
export function daysOf(year: number, month: number, day: number): number | undefined {
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  // Years that begin in March end with their leap day, and come in eras of 400.
  const shifted = month > 2 ? year : year - 1;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468; // days of 400 years; days from 0000-03-01 to 1970-01-01
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Seconds of a time of day; undefined for one that is none. A leap second is the second before it. */
export function secondsOf(hour: number, minute: number, second: number): number | undefined {
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  return hour * 3600 + minute * 60 + Math.min(second, 59);
}

/**
 * A moment as Firehose's readers take it from text: `yyyy-[M]M-[d]d`, a blank or a `T`, `HH:mm:ss`, a
 * fraction of up to nine digits, of which microseconds are kept, and a zone, `Z` or an offset; UTC without
 * one. Undefined for anything else. (Developer Guide, "Choose the JSON deserializer"; RFC 3339.)
 */
export function instantAt(bytes: Uint8Array, start: number, end: number): Instant | undefined {
  const reader = new DigitReader(bytes, start, end);
  const days = reader.date();
  if (days === undefined || !reader.oneOf(0x20, 0x54, 0x74)) return undefined;
  const seconds = reader.time();
  if (seconds === undefined) return undefined;
  const micros = reader.fraction();
  const offset = reader.offset();
  if (micros === undefined || offset === undefined || !reader.isAtEnd) return undefined;
  return { seconds: days * 86_400 + seconds - offset, micros };
}

/** Days since 1970 of `yyyy-[M]M-[d]d`. */
export function dateAt(bytes: Uint8Array, start: number, end: number): number | undefined {
  const reader = new DigitReader(bytes, start, end);
  const days = reader.date();
  return reader.isAtEnd ? days : undefined;
}

/** Microseconds since midnight of `HH:mm:ss`, with a fraction or without, and without an offset but `Z`. */
export function timeAt(bytes: Uint8Array, start: number, end: number): number | undefined {
  const reader = new DigitReader(bytes, start, end);
  const seconds = reader.time();
  const micros = reader.fraction();
  reader.oneOf(0x5a, 0x7a, 0x7a);
  return seconds !== undefined && micros !== undefined && reader.isAtEnd
    ? seconds * 1_000_000 + micros
    : undefined;
}

class DigitReader {
  readonly #bytes: Uint8Array;
  #at: number;
  readonly #end: number;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#end;
  }

  date(): number | undefined {
    const year = this.#digits(4, 4);
    if (!this.oneOf(0x2d, 0x2d, 0x2d)) return undefined;
    const month = this.#digits(1, 2);
    if (!this.oneOf(0x2d, 0x2d, 0x2d)) return undefined;
    const day = this.#digits(1, 2);
    return year < 0 || month < 0 || day < 0 ? undefined : daysOf(year, month, day);
  }

  time(): number | undefined {
    const hour = this.#digits(1, 2);
    if (!this.oneOf(0x3a, 0x3a, 0x3a)) return undefined;
    const minute = this.#digits(2, 2);
    if (!this.oneOf(0x3a, 0x3a, 0x3a)) return undefined;
    const second = this.#digits(2, 2);
    return hour < 0 || minute < 0 || second < 0 ? undefined : secondsOf(hour, minute, second);
  }

  /** Microseconds; 0 where there is no fraction. */
  fraction(): number | undefined {
    if (!this.oneOf(0x2e, 0x2e, 0x2e)) return 0;
    let micros = 0;
    let digits = 0;
    for (; this.#isDigit(); digits += 1, this.#at += 1) {
      if (digits < 6) micros = micros * 10 + this.#bytes[this.#at]! - 0x30;
    }
    if (digits === 0 || digits > 9) return undefined;
    for (let missing = digits; missing < 6; missing += 1) micros *= 10;
    return micros;
  }

  /** Seconds that the zone is ahead of UTC; 0 where none is said. */
  offset(): number | undefined {
    if (this.isAtEnd || this.oneOf(0x5a, 0x7a, 0x7a)) return 0;
    const sign = this.#bytes[this.#at] === 0x2d ? -1 : 1;
    if (!this.oneOf(0x2b, 0x2d, 0x2d)) return undefined;
    const hours = this.#digits(2, 2);
    this.oneOf(0x3a, 0x3a, 0x3a);
    const minutes = this.isAtEnd ? 0 : this.#digits(2, 2);
    return hours < 0 || hours > 18 || minutes < 0 || minutes > 59
      ? undefined
      : sign * (hours * 3600 + minutes * 60);
  }

  /** Passes over one of these characters, if it is next. */
  oneOf(first: number, second: number, third: number): boolean {
    const byte = this.#at < this.#end ? this.#bytes[this.#at] : undefined;
    if (byte !== first && byte !== second && byte !== third) return false;
    this.#at += 1;
    return true;
  }

  /** -1 where there are fewer. */
  #digits(min: number, max: number): number {
    let value = 0;
    let count = 0;
    for (; count < max && this.#isDigit(); count += 1, this.#at += 1) {
      value = value * 10 + this.#bytes[this.#at]! - 0x30;
    }
    return count < min ? -1 : value;
  }

  #isDigit(): boolean {
    if (this.#at >= this.#end) return false;
    const byte = this.#bytes[this.#at]!;
    return byte >= 0x30 && byte <= 0x39;
  }
}

/**
 * The first second that a number says in milliseconds: smaller ones are seconds (5138 as seconds, 1973 as
 * milliseconds).
 */
const millisFrom = 100_000_000_000;
const secondsMin = -62_135_596_800; // 0001-01-01
const secondsMax = 253_402_300_799; // 9999-12-31T23:59:59

/**
 * A moment as a number: seconds, with a fraction or without, or milliseconds. Undefined beyond the years 1 to
 * 9999.
 */
export function instantOfNumber(value: number): Instant | undefined {
  return Math.abs(value) >= millisFrom ? instantOfMillis(value) : instantOfSeconds(value);
}

export function instantOfMillis(value: number): Instant | undefined {
  const seconds = Math.floor(value / 1000);
  return bounded(seconds, Math.round((value - seconds * 1000) * 1000));
}

function instantOfSeconds(value: number): Instant | undefined {
  const seconds = Math.floor(value);
  return bounded(seconds, Math.round((value - seconds) * 1_000_000));
}

function bounded(seconds: number, micros: number): Instant | undefined {
  // A fraction that is rounded up may be a whole second.
  const carried = micros >= 1_000_000 ? { seconds: seconds + 1, micros: 0 } : { seconds, micros };
  return carried.seconds >= secondsMin && carried.seconds <= secondsMax ? carried : undefined;
}
