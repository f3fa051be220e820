import { DamagedError } from '../../../log/log.ts';

/**
 * Reads bytes that are kept as a text, each a character of it: what is cut out of a text is not copied, and a
 * million small ones cost the heap their lengths and little more. Throws `DamagedError` at what is cut off.
 */
export class ByteText {
  readonly text: string;
  at: number;

  constructor(text: string, at = 0) {
    this.text = text;
    this.at = at;
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  byte(): number {
    if (this.at >= this.text.length) throw new DamagedError('the bytes end early');
    return this.text.charCodeAt(this.at++);
  }

  /** Seven bits a byte, the lowest first; all but the last have the eighth. */
  number(): number {
    let number = 0;
    let scale = 1;
    for (;;) {
      const byte = this.byte();
      number += (byte & 0x7f) * scale;
      if (byte < 0x80) return number;
      scale *= 128;
    }
  }

  /** So many bytes, as they are. */
  bytes(length: number): string {
    const from = this.skip(length);
    return this.text.substring(from, this.at);
  }

  /** Passes over so many bytes. Answers where they begin. */
  skip(length: number): number {
    const from = this.at;
    if (length > this.text.length - from) throw new DamagedError('the bytes end early');
    this.at += length;
    return from;
  }

  /**
   * A text of any characters: twice its length in UTF-8, one more if that is not its length, and the UTF-8.
   */
  string(): string {
    const head = this.number();
    const bytes = this.bytes(Math.floor(head / 2));
    return head % 2 === 0 ? bytes : Buffer.from(bytes, 'latin1').toString();
  }

  skipString(): void {
    this.skip(Math.floor(this.number() / 2));
  }
}

/** Writes what `ByteText` reads. One is used again and again. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafeSlow(4096);
  #end = 0;

  /** What was written since the last time, as a text. */
  takeText(): string {
    const text = this.#bytes.toString('latin1', 0, this.#end);
    this.#end = 0;
    return text;
  }

  /** The same as bytes of the caller's own. */
  takeBytes(): Buffer {
    const bytes = Buffer.from(this.#bytes.subarray(0, this.#end));
    this.#end = 0;
    return bytes;
  }

  byte(byte: number): void {
    this.#need(1);
    this.#bytes[this.#end++] = byte;
  }

  number(number: number): void {
    this.#need(8);
    let rest = number;
    while (rest >= 0x80) {
      this.#bytes[this.#end++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#end++] = rest;
  }

  /** Bytes that are kept as a text. */
  bytes(bytes: string): void {
    this.#need(bytes.length);
    this.#end += this.#bytes.write(bytes, this.#end, 'latin1');
  }

  buffer(bytes: Buffer): void {
    this.#need(bytes.length);
    this.#bytes.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  string(text: string): void {
    const length = Buffer.byteLength(text);
    this.number(2 * length + (length === text.length ? 0 : 1));
    this.#need(length);
    this.#end += this.#bytes.write(text, this.#end);
  }

  #need(more: number): void {
    if (this.#end + more <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(2 * (this.#end + more));
    this.#bytes.copy(grown, 0, 0, this.#end);
    this.#bytes = grown;
  }
}
