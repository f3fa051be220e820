import { isAscii, isUtf8 } from 'node:buffer';
import { decodeBase64 } from '../base64.ts';
import { end, malformed, type Reader, type ReadRules, type Token, unknown, usualRules } from '../reader.ts';
import { Blobs } from './json-blobs.ts';
import { checkedEnd, escapedEnd } from './json-escapes.ts';

/** Reads JSON (RFC 8259) straight from bytes; makes strings and numbers only when they are asked for. */
export class JsonReader implements Reader {
  readonly rules: ReadRules;
  readonly #body: Buffer;
  readonly #length: number;
  readonly #encoding: 'latin1' | 'utf8';
  #at = 0;
  #depth = 0;
  #values = 0;
  /** Whether a list or map was just opened: no comma comes before its first item. */
  #fresh = false;
  #blobs: Blobs | undefined;

  constructor(body: Buffer, rules = usualRules) {
    this.rules = rules;
    this.#body = body;
    this.#length = body.length;
    this.#encoding = isAscii(body) ? 'latin1' : 'utf8';
    if (this.#encoding === 'utf8' && !isUtf8(body)) throw malformed();
  }

  peek(): Token {
    switch (this.#space()) {
      case quote:
        return 'string';
      case openBrace:
        return 'map';
      case openBracket:
        return 'list';
      case 0x74: // t
      case 0x66: // f
        return 'boolean';
      case 0x6e: // n
        return 'null';
      default:
        // A number, or malformed: number() will tell.
        return 'number';
    }
  }

  string(): string {
    if (this.#space() !== quote) throw malformed();
    const start = this.#at + 1;
    const stop = this.#plainEnd(start);
    if (this.#body[stop] === backslash) return this.#escaped(stop);
    this.#at = stop + 1;
    return this.#text(start, stop);
  }

  skipString(): void {
    if (this.#space() !== quote) throw malformed();
    const stop = this.#plainEnd(this.#at + 1);
    this.#at = this.#body[stop] === backslash ? this.#pastEscaped(stop) : stop + 1;
  }

  number(): number {
    this.#space();
    const start = this.#at;
    const integerEnd = this.#pastNumber();
    const first = this.#body[start] === dash ? start + 1 : start;
    if (this.#at === integerEnd && integerEnd - first <= exactDigits)
      return this.#integer(first, integerEnd) * (first > start ? -1 : 1);
    if (this.#at - start > numberBytesMax) throw malformed();
    return Number(this.#body.toString('latin1', start, this.#at));
  }

  skipNumber(): void {
    this.#space();
    this.#pastNumber();
  }

  timestamp(): number {
    return Math.round(this.number() * 1000);
  }

  boolean(): boolean {
    if (this.#space() === 0x74) {
      this.#literal('true');
      return true;
    }
    this.#literal('false');
    return false;
  }

  null(): void {
    this.#space();
    this.#literal('null');
  }

  blob(): Buffer {
    if (this.#space() !== quote) throw malformed();
    this.#blobs ??= new Blobs(this.#body, this.#at);
    const start = this.#at + 1;
    const stop = this.#blobs.quoteAfter(start);
    const bytes = this.#blobs.decode(start, stop);
    if (bytes === undefined) return decodeBase64(this.#noBase64(start, stop));
    this.#at = stop + 1;
    return bytes;
  }

  open(): void {
    this.#space();
    this.#at++;
    this.#fresh = true;
    if (++this.#depth > this.rules.depthMax) throw malformed();
  }

  nextItem(): boolean {
    return this.#next(closeBracket);
  }

  nextMember(names: readonly string[], guess: number): number {
    if (!this.#next(closeBrace)) return end;
    const index = this.#name(names, guess);
    this.#colon();
    return index;
  }

  nextKey(): string | undefined {
    if (!this.#next(closeBrace)) return undefined;
    if (this.#space() !== quote) throw malformed();
    const key = this.string();
    this.#colon();
    return key;
  }

  end(): void {
    if (this.#space() !== undefined) throw malformed();
  }

  /** Skips white space; answers the byte after it. */
  #space(): number | undefined {
    const body = this.#body;
    let at = this.#at;
    while (at < this.#length) {
      const byte = body[at]!;
      if (byte > 0x20 || (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)) {
        this.#at = at;
        return byte;
      }
      at++;
    }
    this.#at = at;
    return undefined;
  }

  #next(closing: number): boolean {
    const byte = this.#space();
    if (byte === closing) {
      this.#at++;
      this.#depth--;
      this.#fresh = false;
      return false;
    }
    if (this.#fresh) this.#fresh = false;
    else if (byte === comma) this.#at++;
    else throw malformed();
    if (++this.#values > this.rules.valuesMax) throw malformed();
    return true;
  }

  #colon(): void {
    if (this.#space() !== colon) throw malformed();
    this.#at++;
  }

  #name(names: readonly string[], guess: number): number {
    if (this.#space() !== quote) throw malformed();
    for (let step = 0; step < names.length; step++) {
      const index = (guess + step) % names.length;
      if (this.#isNext(names[index]!)) return index;
    }
    const stop = this.#plainEnd(this.#at + 1);
    if (this.#body[stop] === backslash) {
      return this.#escapedName(stop, names);
    }
    this.#at = stop + 1;
    return unknown;
  }

  #escapedName(stop: number, names: readonly string[]): number {
    const start = this.#at;
    this.#at = this.#pastEscaped(stop);
    if (this.#at - start > nameBytesMax) return unknown;
    const index = names.indexOf(JSON.parse(this.#text(start, this.#at)));
    return index === -1 ? unknown : index;
  }

  #pastEscaped(from: number): number {
    const at = checkedEnd(this.#body, from);
    if (at === -1) throw malformed();
    return at + 1;
  }

  /** The text of a string that is not base64, without searching for its end again. */
  #noBase64(start: number, stop: number): string {
    if (stop < 0 || this.#blobs!.hasEscape(start, stop)) return this.string();
    if (this.#blobs!.hasControl(start, stop)) throw malformed();
    this.#at = stop + 1;
    return this.#text(start, stop);
  }

  #text(start: number, stop: number): string {
    return this.#body.toString(this.#encoding, start, stop);
  }

  /** Skips a number; answers where its integer part ends. */
  #pastNumber(): number {
    const body = this.#body;
    const start = this.#at;
    const first = body[start] === dash ? start + 1 : start;
    const integerEnd = this.#digits(first);
    if (body[first] === zero && integerEnd > first + 1) throw malformed();
    let at = integerEnd;
    if (body[at] === dot) at = this.#digits(at + 1);
    if (body[at] === 0x65 || body[at] === 0x45) {
      at++; // e, E
      if (body[at] === plus || body[at] === dash) at++;
      at = this.#digits(at);
    }
    this.#at = at;
    return integerEnd;
  }

  #isNext(name: string): boolean {
    const body = this.#body;
    const start = this.#at + 1;
    const { length } = name;
    if (start + length >= this.#length || body[start + length] !== quote) return false;
    for (let index = 0; index < length; index++) {
      if (body[start + index] !== name.charCodeAt(index)) return false;
    }
    this.#at = start + length + 1;
    return true;
  }

  /** The end of a string that began before `from`, or its first escape. */
  #plainEnd(from: number): number {
    const body = this.#body;
    for (let at = from; at < this.#length; at++) {
      const byte = body[at]!;
      if (byte === quote || byte === backslash) return at;
      if (byte < 0x20) break;
    }
    throw malformed();
  }

  #digits(from: number): number {
    const body = this.#body;
    let at = from;
    while (at < this.#length && body[at]! >= zero && body[at]! <= 0x39) at++;
    if (at === from) throw malformed();
    return at;
  }

  #integer(from: number, end: number): number {
    let value = 0;
    for (let at = from; at < end; at++) value = value * 10 + this.#body[at]! - zero;
    return value;
  }

  #literal(word: string): void {
    for (let index = 0; index < word.length; index++) {
      if (this.#body[this.#at++] !== word.charCodeAt(index)) throw malformed();
    }
  }

  /** Reads a string with its first backslash at `from`. Such strings are rare, and left to the platform. */
  #escaped(from: number): string {
    const at = escapedEnd(this.#body, from);
    if (at === -1) throw malformed();
    const text = this.#text(this.#at, at + 1);
    this.#at = at + 1;
    try {
      return JSON.parse(text);
    } catch (error) {
      if (error instanceof SyntaxError) throw malformed();
      throw error;
    }
  }
}

/** Longer than any name of the models in escapes, six bytes a character. */
const nameBytesMax = 1024;

/** As Jackson, with which AWS reads JSON (StreamReadConstraints, `DEFAULT_MAX_NUM_LEN`). */
const numberBytesMax = 1000;

/** Integers of this many digits are exact in a double. */
const exactDigits = 15;

const quote = 0x22;
const plus = 0x2b;
const comma = 0x2c;
const dash = 0x2d;
const dot = 0x2e;
const zero = 0x30;
const colon = 0x3a;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
