import { isAscii, isUtf8 } from 'node:buffer';
import { decodeBase64, decodedLength, hasLooseBits } from './base64.ts';
import { depthMax, end, malformed, type Reader, type Token, unknown, valuesMax } from './reader.ts';

/**
 * Reads JSON (RFC 8259) straight from the bytes. Nothing is parsed that is not asked for: a blob of base64 is found
 * with one search for its closing quote, and goes with the others of the body into one buffer.
 */
export class JsonReader implements Reader {
  readonly #body: Buffer;
  readonly #ascii: boolean;
  #at = 0;
  #depth = 0;
  #values = 0;
  /** Whether a list or map was just opened, so that no comma comes before what is next. */
  #fresh = false;
  #blobs: Buffer | undefined;
  #blobsEnd = 0;
  readonly #suspects: NextByte[];

  constructor(body: Buffer) {
    this.#body = body;
    this.#ascii = isAscii(body);
    if (!this.#ascii && !isUtf8(body)) throw malformed();
    // What Node's base64 decoder takes and we do not: the URL alphabet; and escapes.
    this.#suspects = [
      new NextByte(body, dash),
      new NextByte(body, underscore),
      new NextByte(body, backslash),
    ];
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
        // A number, or nothing: number() will tell.
        return 'number';
    }
  }

  string(): string {
    if (this.#space() !== quote) throw malformed();
    const body = this.#body;
    const start = this.#at + 1;
    let at = start;
    let byte = body[at];
    while (byte !== quote && byte !== backslash) {
      if (byte === undefined || byte < 0x20) throw malformed();
      byte = body[++at];
    }
    if (byte === backslash) return this.#escaped(at);
    this.#at = at + 1;
    return this.#text(start, at);
  }

  number(): number {
    this.#space();
    const body = this.#body;
    const start = this.#at;
    let at = start;
    if (body[at] === dash) at++;
    const first = at;
    at = this.#digits(at);
    if (body[first] === zero && at > first + 1) throw malformed();
    if (body[at] === dot) at = this.#digits(at + 1);
    if (body[at] === 0x65 || body[at] === 0x45) {
      at++; // e, E
      if (body[at] === plus || body[at] === dash) at++;
      at = this.#digits(at);
    }
    this.#at = at;
    return Number(body.toString('latin1', start, at));
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
    const start = this.#at + 1;
    const stop = this.#body.indexOf(quote, start);
    return this.#plainBlob(start, stop) ?? decodeBase64(this.string());
  }

  open(): void {
    this.#space();
    this.#at++;
    this.#fresh = true;
    if (++this.#depth > depthMax) throw malformed();
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
    const key = this.string();
    this.#colon();
    return key;
  }

  end(): void {
    if (this.#space() !== undefined) throw malformed();
  }

  /** Passes over white space, and answers the byte after it. */
  #space(): number | undefined {
    const body = this.#body;
    let byte = body[this.#at];
    while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = body[++this.#at];
    return byte;
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
    if (++this.#values > valuesMax) throw malformed();
    return true;
  }

  #colon(): void {
    if (this.#space() !== colon) throw malformed();
    this.#at++;
  }

  #name(names: readonly string[], guess: number): number {
    this.#space();
    for (let step = 0; step < names.length; step++) {
      const index = (guess + step) % names.length;
      if (this.#isNext(names[index]!)) return index;
    }
    // An unknown name, or one with escapes.
    const index = names.indexOf(this.string());
    return index === -1 ? unknown : index;
  }

  #isNext(name: string): boolean {
    const body = this.#body;
    const start = this.#at + 1;
    const stop = start + name.length;
    if (body[stop] !== quote || body[start - 1] !== quote) return false;
    for (let at = start; at < stop; at++) {
      if (body[at] !== name.charCodeAt(at - start)) return false;
    }
    this.#at = stop + 1;
    return true;
  }

  #digits(from: number): number {
    const body = this.#body;
    let at = from;
    while (body[at]! >= zero && body[at]! <= 0x39) at++;
    if (at === from) throw malformed();
    return at;
  }

  #literal(word: string): void {
    for (let index = 0; index < word.length; index++) {
      if (this.#body[this.#at++] !== word.charCodeAt(index)) throw malformed();
    }
  }

  #text(start: number, stop: number): string {
    return this.#body.toString(this.#ascii ? 'latin1' : 'utf8', start, stop);
  }

  /** Reads a string whose first backslash is at `from`. Strings with escapes are rare and left to the platform. */
  #escaped(from: number): string {
    const body = this.#body;
    let at = from;
    for (let byte = body[at]; byte !== quote; byte = body[at]) {
      if (byte === undefined) throw malformed();
      at += byte === backslash ? 2 : 1;
    }
    const text = body.toString('utf8', this.#at, at + 1);
    this.#at = at + 1;
    try {
      return JSON.parse(text);
    } catch (error) {
      if (error instanceof SyntaxError) throw malformed();
      throw error;
    }
  }

  /** The bytes of valid base64 without escapes, and nothing for any other string. */
  #plainBlob(start: number, stop: number): Buffer | undefined {
    const body = this.#body;
    const length = stop - start;
    if (length < 0 || length % 4 !== 0) return undefined;
    for (const suspect of this.#suspects) if (suspect.isBefore(start, stop)) return undefined;
    const pads = length === 0 || body[stop - 1] !== equals ? 0 : body[stop - 2] !== equals ? 1 : 2;
    // Node skips characters that are no base64 and stops at the first `=`: either way it writes too few bytes.
    this.#blobs ??= Buffer.allocUnsafe(Math.ceil((body.length - start) / 4) * 3);
    const written = this.#blobs.write(body.toString('latin1', start, stop), this.#blobsEnd, length, 'base64');
    if (written !== decodedLength(length, pads) || hasLooseBits(body[stop - 1 - pads]!, pads))
      return undefined;
    this.#at = stop + 1;
    this.#blobsEnd += written;
    return this.#blobs.subarray(this.#blobsEnd - written, this.#blobsEnd);
  }
}

/** Where a byte comes next. Remembers the last search, so that all searches of a body together pass over it once. */
class NextByte {
  readonly #body: Buffer;
  readonly #byte: number;
  #found = -1;

  constructor(body: Buffer, byte: number) {
    this.#body = body;
    this.#byte = byte;
  }

  isBefore(start: number, stop: number): boolean {
    if (this.#found < start) {
      const index = this.#body.indexOf(this.#byte, start);
      this.#found = index === -1 ? this.#body.length : index;
    }
    return this.#found < stop;
  }
}

const quote = 0x22;
const plus = 0x2b;
const comma = 0x2c;
const dash = 0x2d;
const dot = 0x2e;
const zero = 0x30;
const colon = 0x3a;
const equals = 0x3d;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const underscore = 0x5f;
const openBrace = 0x7b;
const closeBrace = 0x7d;
