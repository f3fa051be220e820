import type { Millis } from '../../env/clock.ts';
import { dateFieldOf } from './date-fields.ts';
import { type LocalTime, localTimes } from './local-time.ts';
import { NamesError } from './names-error.ts';

/** A moment in a pattern of Java's DateTimeFormatter. */
export type DatePattern = (at: Millis) => string;

/**
 * Compiles a pattern of Java's `DateTimeFormatter` ("Patterns for Formatting and Parsing" on its page of the
 * Java SE documentation), in English, with weeks that begin on Sunday. Letters are fields, what is in quotes
 * is text, two quotes are one, `p` pads, brackets mean nothing here. `NamesError` where it is none, or asks
 * for what is not done: `B`, `g`, and short names of time zones besides UTC.
 */
export function compileDatePattern(pattern: string, timeZone: string): DatePattern {
  const pieces = new PatternReader(pattern).pieces();
  const timeOf = localTimes(timeZone);
  function written(moment: Millis): string {
    // Firehose names by whole seconds.
    const time = timeOf(Math.floor(moment / 1000) * 1000);
    return pieces.map((piece) => (typeof piece === 'string' ? piece : piece(time))).join('');
  }
  // What a time zone has no name for is found here, not at the first object.
  written(0);
  return written;
}

type PatternPiece = string | ((time: LocalTime) => string);

class PatternReader {
  readonly #pattern: string;
  #at = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  pieces(): readonly PatternPiece[] {
    const pieces: PatternPiece[] = [];
    let depth = 0;
    while (this.#at < this.#pattern.length) {
      const char = this.#pattern[this.#at]!;
      if (char === '[' || char === ']') {
        depth += char === '[' ? 1 : -1;
        this.#at++;
      } else {
        pieces.push(this.#piece(char));
      }
      if (depth < 0) throw this.#invalid();
    }
    if (pieces.length === 0) throw this.#invalid();
    return pieces;
  }

  #piece(char: string): PatternPiece {
    if (char === "'") return this.#quoted();
    if (letter.test(char)) return this.#field(char);
    if ('{}#'.includes(char)) throw this.#invalid();
    this.#at++;
    return char;
  }

  #quoted(): string {
    const found = /'((?:[^']|'')*)'/y;
    found.lastIndex = this.#at;
    const text = found.exec(this.#pattern)?.[1];
    if (text === undefined) throw this.#invalid();
    this.#at = found.lastIndex;
    return text === '' ? "'" : text.replaceAll("''", "'");
  }

  #field(char: string): PatternPiece {
    const count = this.#count(char);
    if (char !== 'p') return this.#known(char, count);
    const padded = this.#pattern[this.#at] ?? '';
    if (!letter.test(padded) || padded === 'p') throw this.#invalid();
    const field = this.#known(padded, this.#count(padded));
    return (time) => field(time).padStart(count, ' ');
  }

  /** How often a letter stands there. */
  #count(char: string): number {
    const start = this.#at;
    while (this.#pattern[this.#at] === char) this.#at++;
    return this.#at - start;
  }

  #known(char: string, count: number): (time: LocalTime) => string {
    const field = dateFieldOf(char, count);
    if (field === undefined) throw this.#invalid();
    return field;
  }

  #invalid(): NamesError {
    return new NamesError(`Invalid timestamp expression: ${this.#pattern}`);
  }
}

const letter = /^[A-Za-z]$/;
