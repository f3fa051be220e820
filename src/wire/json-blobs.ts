import { decodedLength, hasLooseBits } from './base64.ts';
import { NextByte } from './next-byte.ts';

/**
 * The blobs of one JSON body: found with one search each for the closing quote, and decoded into one buffer, from parts of the body as
 * text with a character for every byte.
 */
export class Blobs {
  readonly #body: Buffer;
  readonly #bytes: Buffer;
  #end = 0;
  #text = '';
  #textStart = 0;
  // What Node's decoder takes and we do not: the URL's alphabet. And escapes, which are no base64 yet.
  readonly #dash: NextByte;
  readonly #underscore: NextByte;
  readonly #backslash: NextByte;

  constructor(body: Buffer, from: number) {
    this.#body = body;
    this.#bytes = Buffer.allocUnsafe(Math.ceil((body.length - from) / 4) * 3);
    this.#dash = new NextByte(body, dash);
    this.#underscore = new NextByte(body, underscore);
    this.#backslash = new NextByte(body, backslash);
  }

  /** −1 when there is none. */
  quoteAfter(start: number): number {
    const inText = start < this.#textStart ? -1 : this.#text.indexOf('"', start - this.#textStart);
    return inText === -1 ? this.#body.indexOf(quote, start) : inText + this.#textStart;
  }

  hasEscape(start: number, stop: number): boolean {
    return this.#backslash.isIn(start, stop);
  }

  /** Whether there is a character that no string may hold. */
  hasControl(start: number, stop: number): boolean {
    return control.test(this.#textOf(start, stop));
  }

  /** The bytes of base64 between two places of the body; undefined when it is not valid. */
  decode(start: number, stop: number): Buffer | undefined {
    const length = stop - start;
    if (length < 0 || length % 4 !== 0) return undefined;
    if (
      this.#dash.isIn(start, stop) ||
      this.#underscore.isIn(start, stop) ||
      this.#backslash.isIn(start, stop)
    ) {
      return undefined;
    }
    const text = this.#textOf(start, stop);
    const pads = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
    const end = this.#end + decodedLength(length, pads);
    if (!this.#write(text, end)) return undefined;
    if (hasLooseBits(text.charCodeAt(length - 1 - pads), pads)) return undefined;
    const bytes = this.#bytes.subarray(this.#end, end);
    this.#end = end;
    return bytes;
  }

  /** Whether text stands for bytes up to `end`. By pieces, because Node is slow where something is wrong. */
  #write(text: string, end: number): boolean {
    let at = this.#end;
    for (let from = 0; from < text.length; from += pieceCharacters) {
      const piece = text.length <= pieceCharacters ? text : text.slice(from, from + pieceCharacters);
      // Node skips characters that are no base64 and stops at the first `=`: either way it writes too few bytes.
      const written = this.#bytes.write(piece, at, 'base64');
      at += written;
      if (written !== Math.min(decodedLength(pieceCharacters, 0), end - at + written)) return false;
    }
    return at === end;
  }

  #textOf(start: number, stop: number): string {
    if (start < this.#textStart || stop > this.#textStart + this.#text.length) {
      this.#text = this.#body.toString('latin1', start, Math.max(stop, start + textBytes));
      this.#textStart = start;
    }
    return this.#text.slice(start - this.#textStart, stop - this.#textStart);
  }
}

/** As large as a string can be and still be made where the young ones are, which costs the least. */
const textBytes = 64 * 1024;

const pieceCharacters = 64 * 1024;

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for.
const control = /[\x00-\x1f]/;

const quote = 0x22;
const dash = 0x2d;
const backslash = 0x5c;
const underscore = 0x5f;
