import { BodyText } from '../body-text.ts';
import { NextByte } from './next-byte.ts';

/** The blobs of a JSON body: each found with one search for its end, all decoded into one buffer. */
export class Blobs {
  readonly #text: BodyText;
  readonly #bytes: Buffer;
  #end = 0;
  // The URL alphabet, which Node decodes and we refuse; and escapes, which are not base64 yet.
  readonly #dash: NextByte;
  readonly #underscore: NextByte;
  readonly #backslash: NextByte;

  constructor(body: Buffer, from: number) {
    this.#text = new BodyText(body);
    this.#bytes = Buffer.allocUnsafe(Math.ceil((body.length - from) / 4) * 3);
    this.#dash = new NextByte(body, dash);
    this.#underscore = new NextByte(body, underscore);
    this.#backslash = new NextByte(body, backslash);
  }

  /** −1 when there is none. */
  quoteAfter(start: number): number {
    return this.#text.indexOf('"', start);
  }

  hasEscape(start: number, end: number): boolean {
    return this.#backslash.isIn(start, end);
  }

  /** Whether there is a character that strings must not have. */
  hasControl(start: number, end: number): boolean {
    return control.test(this.#text.of(start, end));
  }

  /** Decodes the base64 between two places of the body; undefined when it is invalid. */
  decode(start: number, end: number): Buffer | undefined {
    if (end < start || (end - start) % 4 !== 0) return undefined;
    if (
      this.#dash.isIn(start, end) ||
      this.#underscore.isIn(start, end) ||
      this.#backslash.isIn(start, end)
    ) {
      return undefined;
    }
    const begin = this.#end;
    const count = this.#text.bytesOf(start, end);
    if (!this.#text.writeBytes(start, end, this.#bytes, begin, count)) return undefined;
    this.#end += count;
    return this.#bytes.subarray(begin, this.#end);
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for.
const control = /[\x00-\x1f]/;

const dash = 0x2d;
const backslash = 0x5c;
const underscore = 0x5f;
