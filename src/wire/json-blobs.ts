import { decodedLength, hasLooseBits } from './base64.ts';

/**
 * The blobs of one JSON body: found with one search each for the closing quote, and decoded into one buffer. Its text
 * is the whole body with a character for every byte; parts of a string cost nothing, and are not kept.
 */
export class Blobs {
  readonly #text: string;
  readonly #bytes: Buffer;
  #end = 0;
  // What Node's decoder takes and we do not: the URL's alphabet. And escapes, which are no base64 yet.
  readonly #dash: NextCharacter;
  readonly #underscore: NextCharacter;
  readonly #backslash: NextCharacter;

  constructor(body: Buffer, from: number) {
    this.#text = body.toString('latin1');
    this.#bytes = Buffer.allocUnsafe(Math.ceil((body.length - from) / 4) * 3);
    this.#dash = new NextCharacter(this.#text, '-');
    this.#underscore = new NextCharacter(this.#text, '_');
    this.#backslash = new NextCharacter(this.#text, '\\');
  }

  /** −1 when there is none. */
  quoteAfter(start: number): number {
    return this.#text.indexOf('"', start);
  }

  /** Part of the body, a character for every byte. */
  text(start: number, stop: number): string {
    return this.#text.slice(start, stop);
  }

  hasEscape(start: number, stop: number): boolean {
    return this.#backslash.isIn(start, stop);
  }

  /** Whether there is a character that no string may hold. */
  hasControl(start: number, stop: number): boolean {
    return control.test(this.#text.slice(start, stop));
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
    const text = this.#text.slice(start, stop);
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
}

const pieceCharacters = 64 * 1024;

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for.
const control = /[\x00-\x1f]/;

/** Where a character comes next. Remembers its last search, so that all searches of a text together pass over it once. */
class NextCharacter {
  readonly #text: string;
  readonly #character: string;
  #found = -1;

  constructor(text: string, character: string) {
    this.#text = text;
    this.#character = character;
  }

  isIn(start: number, stop: number): boolean {
    if (this.#found < start) {
      const index = this.#text.indexOf(this.#character, start);
      this.#found = index === -1 ? this.#text.length : index;
    }
    return this.#found < stop;
  }
}
