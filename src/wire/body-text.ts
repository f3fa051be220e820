import { decodedLength, hasLooseBits } from './base64.ts';

/** A body as text, one character per byte, made in parts. Base64 is decoded from it. */
export class BodyText {
  readonly #body: Buffer;
  #text = '';
  #start = 0;

  constructor(body: Buffer) {
    this.#body = body;
  }

  of(start: number, end: number): string {
    if (start < this.#start || end > this.#start + this.#text.length) {
      this.#text = this.#body.toString('latin1', start, Math.max(end, start + partBytes));
      this.#start = start;
    }
    return this.#text.slice(start - this.#start, end - this.#start);
  }

  /** Where a character of ASCII comes next; −1 when it does not. */
  indexOf(character: string, from: number): number {
    const inText = from < this.#start ? -1 : this.#text.indexOf(character, from - this.#start);
    return inText === -1 ? this.#body.indexOf(character.charCodeAt(0), from) : inText + this.#start;
  }

  /** How many bytes base64 between two places stands for, if it is valid. */
  bytesOf(start: number, end: number): number {
    return decodedLength(end - start, this.#padsBetween(start, end));
  }

  /**
   * Decodes base64 into `count` bytes, its decoded length; false when it is invalid. Callers look for the URL
   * alphabet, which Node accepts, too. In parts: the text of a long one would cost a collection, and Node is
   * slow at invalid ones.
   */
  writeBytes(start: number, end: number, bytes: Buffer, at: number, count: number): boolean {
    let done = 0;
    for (let from = start; from < end; from += partBytes) {
      const part = this.of(from, Math.min(from + partBytes, end));
      // Node skips invalid characters and stops at the first `=`: in both cases it writes too few bytes.
      const expected = Math.min(decodedLength(partBytes, 0), count - done);
      if (bytes.write(part, at + done, expected, 'base64') !== expected) return false;
      done += expected;
    }
    const pads = this.#padsBetween(start, end);
    return done === count && !hasLooseBits(this.#body[end - 1 - pads]!, pads);
  }

  /** The number of `=` at its end. */
  #padsBetween(start: number, end: number): number {
    if (end === start || this.#body[end - 1] !== equals) return 0;
    return this.#body[end - 2] === equals ? 2 : 1;
  }
}

/** The largest string that V8 still makes in its young generation, which is cheapest. */
const partBytes = 64 * 1024;

const equals = 0x3d;
