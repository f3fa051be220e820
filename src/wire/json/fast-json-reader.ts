import { BodyText } from '../body-text.ts';
import { type FastEncoding, type FastReader, standsAt } from '../columns.ts';
import { NextByte } from './next-byte.ts';

/** Plain JSON has texts without escapes, data that look like base64, and little white space. */
class FastJsonReader implements FastReader {
  readonly body: Buffer;
  start = 0;
  end = 0;
  dataBytes = 0;
  /** The URL alphabet, which Node decodes and we refuse. */
  readonly #dash: NextByte;
  readonly #underscore: NextByte;
  #at = 0;
  #dataLength = 0;
  readonly #text: BodyText;

  constructor(body: Buffer) {
    this.body = body;
    this.#text = new BodyText(body);
    this.#dash = new NextByte(body, dash);
    this.#underscore = new NextByte(body, underscore);
  }

  openMap(): boolean {
    return this.#take(openBrace);
  }

  openList(): boolean {
    return this.#take(openBracket);
  }

  more(): boolean {
    return this.#take(comma);
  }

  closeMap(): boolean {
    return this.#take(closeBrace);
  }

  closeList(): boolean {
    return this.#take(closeBracket);
  }

  name(written: Buffer): boolean {
    const start = this.#space();
    if (!standsAt(this.body, start, written)) return false;
    this.#at = start + written.length;
    if (this.#take(colon)) return true;
    // Another name is looked for where this one was.
    this.#at = start;
    return false;
  }

  text(max: number): boolean {
    if (!this.#take(quote)) return false;
    this.start = this.#at;
    this.end = this.#textEnd(max);
    this.#at = this.end + 1;
    return this.end !== none;
  }

  /** Other invalid base64 shows when it is decoded. */
  data(): boolean {
    if (!this.#take(quote)) return false;
    const start = this.#at;
    const end = this.#quoteAfter(start);
    if (end === none || (end - start) % 4 !== 0) return false;
    if (this.#dash.isIn(start, end) || this.#underscore.isIn(start, end)) return false;
    this.start = start;
    this.end = end;
    this.dataBytes = this.#text.bytesOf(start, end);
    this.#at = end + 1;
    return true;
  }

  isEnd(): boolean {
    return this.#space() === this.body.length;
  }

  writeData(start: number, end: number, bytes: Buffer, at: number, dataBytes: number): boolean {
    return this.#text.writeBytes(start, end, bytes, at, dataBytes);
  }

  /**
   * Records mostly have the same length: where the last one ended, a quote counts as the end without a
   * search. If there was another quote before it, decoding fails.
   */
  #quoteAfter(start: number): number {
    const guess = start + this.#dataLength;
    const end = this.body[guess] === quote ? guess : this.body.indexOf(quote, start);
    this.#dataLength = end - start;
    return end;
  }

  /** The place of the quote after at most `max` ASCII characters without escapes. */
  #textEnd(max: number): number {
    const { body } = this;
    const start = this.#at;
    const last = Math.min(start + max, body.length - 1);
    for (let at = start; at <= last; at++) {
      const byte = body[at]!;
      if (byte === quote) return at;
      if (byte < 0x20 || byte > 0x7e || byte === backslash) return none;
    }
    return none;
  }

  #take(byte: number): boolean {
    const at = this.#space();
    if (at === this.body.length || this.body[at] !== byte) return false;
    this.#at = at + 1;
    return true;
  }

  /** Skips white space, up to a limit, and answers where it ends. */
  #space(): number {
    const { body } = this;
    const last = Math.min(this.#at + spaceMax, body.length);
    let at = this.#at;
    while (at < last) {
      const byte = body[at]!;
      if (byte > 0x20 || (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)) break;
      at++;
    }
    this.#at = at;
    return at;
  }
}

export const fastJson: FastEncoding = {
  reader: (body) => new FastJsonReader(body),
  written: (name) => Buffer.from(JSON.stringify(name)),
};

/** With more, a body is not plain: one of white space is given up early. */
const spaceMax = 256;

const none = -1;

const quote = 0x22;
const comma = 0x2c;
const dash = 0x2d;
const colon = 0x3a;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const underscore = 0x5f;
const openBrace = 0x7b;
const closeBrace = 0x7d;
