import { isUtf8 } from 'node:buffer';
import { JsonError } from './json-error.ts';

/** What a place of the tape is. A number with a point or an exponent is a `float`. */
export const JsonKind = {
  null: 0,
  false: 1,
  true: 2,
  integer: 3,
  float: 4,
  /** Its bytes are its text. */
  plainString: 5,
  /** Its bytes have escapes in them. */
  escapedString: 6,
  array: 7,
  object: 8,
} as const;
export type JsonKind = (typeof JsonKind)[keyof typeof JsonKind];

/** Jackson's limit, as Firehose's readers have it. */
export const jsonDepthMax = 1_000;

const stride = 4; // kind, start, end, next
/** A longer tape is let go of at the end of its text: one record of very many values is rare. */
const placesKept = stride * 4_096;

/**
 * The values of a JSON text in the order they begin, as numbers: what each is, where its bytes are (a
 * string's without its quotes), and where the value after it is. An object's keys are strings before their
 * values. One tape reads any number of texts, one after the other, and allocates nothing once it is long
 * enough.
 */
export class JsonTape {
  #bytes: Buffer = Buffer.alloc(0);
  #places = new Int32Array(stride * 256);
  #length = 0;
  /** Where the next value is to be read from. */
  #at = 0;
  /** The containers that are open: their indexes. */
  readonly #open = new Int32Array(jsonDepthMax);

  /** Bytes of memory. */
  get heldBytes(): number {
    return this.#places.byteLength;
  }

  /** Throws `JsonError` for what is no UTF-8. A byte order mark is passed over. */
  begin(bytes: Buffer): void {
    if (!isUtf8(bytes)) throw new JsonError('Invalid UTF-8');
    this.#shorten();
    this.#bytes = bytes;
    this.#at = bytes.length >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  }

  /** Reads the next value, which begins at index 0 of the tape. False at the end. Throws `JsonError`. */
  next(): boolean {
    this.#length = 0;
    this.#skipSpace();
    if (this.#at === this.#bytes.length) {
      this.#shorten();
      return false;
    }
    this.#readTree();
    return true;
  }

  kind(index: number): JsonKind {
    return this.#places[index * stride] as JsonKind;
  }

  start(index: number): number {
    return this.#places[index * stride + 1]!;
  }

  end(index: number): number {
    return this.#places[index * stride + 2]!;
  }

  /** The index after the value and all that is in it. */
  after(index: number): number {
    return this.#places[index * stride + 3]!;
  }

  get bytes(): Buffer {
    return this.#bytes;
  }

  /** A string, its escapes replaced; of anything else, its source. A lone surrogate becomes U+FFFD. */
  text(index: number): string {
    const source = this.#bytes.toString('utf8', this.start(index), this.end(index));
    return this.kind(index) === JsonKind.escapedString
      ? (JSON.parse(`"${source}"`) as string).toWellFormed()
      : source;
  }

  #shorten(): void {
    if (this.#places.length > placesKept) this.#places = new Int32Array(placesKept);
  }

  #readTree(): void {
    let depth = 0;
    for (;;) {
      if (this.#readValue(depth)) {
        depth += 1;
        if (!this.#isClosedAtOnce(depth)) {
          this.#readKeyIn(depth);
          continue;
        }
        depth -= 1;
      }
      while (depth > 0 && !this.#isContinued(depth)) depth -= 1;
      if (depth === 0) return;
      this.#readKeyIn(depth);
    }
  }

  /** Reads a value; true when it is a container, which is open then. */
  #readValue(depth: number): boolean {
    this.#skipSpace();
    const bytes = this.#bytes;
    const byte = bytes[this.#at];
    switch (byte) {
      case 0x22: // "
        this.#readString();
        return false;
      case 0x7b: // {
        this.#openContainer(JsonKind.object, depth);
        return true;
      case 0x5b: // [
        this.#openContainer(JsonKind.array, depth);
        return true;
      case 0x74:
        this.#readWord('true', JsonKind.true);
        return false;
      case 0x66:
        this.#readWord('false', JsonKind.false);
        return false;
      case 0x6e:
        this.#readWord('null', JsonKind.null);
        return false;
      default:
        this.#readNumber();
        return false;
    }
  }

  #openContainer(kind: JsonKind, depth: number): void {
    if (depth === jsonDepthMax) throw this.#error(`Nesting is deeper than ${jsonDepthMax}`);
    this.#open[depth] = this.#length;
    this.#push(kind, this.#at, this.#at);
    this.#at += 1;
  }

  #isClosedAtOnce(depth: number): boolean {
    this.#skipSpace();
    return this.#isClosed(depth, this.#bytes[this.#at]);
  }

  /** After a member: true when another one follows, false when the container is closed. */
  #isContinued(depth: number): boolean {
    this.#skipSpace();
    const byte = this.#bytes[this.#at];
    if (byte === 0x2c) {
      this.#at += 1;
      return true;
    }
    if (!this.#isClosed(depth, byte)) throw this.#unexpected();
    return false;
  }

  #isClosed(depth: number, byte: number | undefined): boolean {
    const place = this.#open[depth - 1]! * stride;
    if (byte !== (this.#places[place] === JsonKind.object ? 0x7d : 0x5d)) return false;
    this.#at += 1;
    this.#places[place + 2] = this.#at;
    this.#places[place + 3] = this.#length;
    return true;
  }

  #readKeyIn(depth: number): void {
    if (this.#places[this.#open[depth - 1]! * stride] !== JsonKind.object) return;
    this.#skipSpace();
    if (this.#bytes[this.#at] !== 0x22) throw this.#unexpected();
    this.#readString();
    this.#skipSpace();
    if (this.#bytes[this.#at] !== 0x3a) throw this.#unexpected();
    this.#at += 1;
  }

  #readString(): void {
    const bytes = this.#bytes;
    const start = this.#at + 1;
    let at = start;
    let kind: JsonKind = JsonKind.plainString;
    for (;;) {
      const byte = bytes[at];
      if (byte === 0x22) break;
      if (byte === undefined || byte < 0x20) {
        this.#at = at;
        throw this.#unexpected();
      }
      if (byte === 0x5c) {
        kind = JsonKind.escapedString;
        at = this.#afterEscape(at);
      } else {
        at += 1;
      }
    }
    this.#push(kind, start, at);
    this.#at = at + 1;
  }

  #afterEscape(at: number): number {
    const byte = this.#bytes[at + 1];
    if (byte === undefined || !isEscapable[byte]) {
      this.#at = at + 1;
      throw this.#unexpected();
    }
    if (byte !== 0x75) return at + 2;
    for (let digit = at + 2; digit < at + 6; digit += 1) {
      if (!isHex(this.#bytes[digit])) {
        this.#at = digit;
        throw this.#unexpected();
      }
    }
    return at + 6;
  }

  #readWord(word: string, kind: JsonKind): void {
    const start = this.#at;
    for (let index = 0; index < word.length; index += 1) {
      this.#at = start + index;
      if (this.#bytes[this.#at] !== word.charCodeAt(index)) throw this.#unexpected();
    }
    this.#at = start + word.length;
    this.#push(kind, start, this.#at);
  }

  #readNumber(): void {
    const bytes = this.#bytes;
    const start = this.#at;
    let kind: JsonKind = JsonKind.integer;
    if (bytes[this.#at] === 0x2d) this.#at += 1;
    if (bytes[this.#at] === 0x30) {
      this.#at += 1;
      if (isDigit(bytes[this.#at])) throw this.#unexpected();
    } else {
      this.#readDigits();
    }
    if (bytes[this.#at] === 0x2e) {
      kind = JsonKind.float;
      this.#at += 1;
      this.#readDigits();
    }
    if (bytes[this.#at] === 0x65 || bytes[this.#at] === 0x45) {
      kind = JsonKind.float;
      this.#at += 1;
      const sign = bytes[this.#at];
      if (sign === 0x2b || sign === 0x2d) this.#at += 1;
      this.#readDigits();
    }
    this.#push(kind, start, this.#at);
  }

  #readDigits(): void {
    const bytes = this.#bytes;
    let at = this.#at;
    while (isDigit(bytes[at])) at += 1;
    if (at === this.#at) throw this.#unexpected();
    this.#at = at;
  }

  #push(kind: JsonKind, start: number, end: number): void {
    const place = this.#length * stride;
    if (place === this.#places.length) {
      const longer = new Int32Array(this.#places.length * 2);
      longer.set(this.#places);
      this.#places = longer;
    }
    this.#length += 1;
    this.#places[place] = kind;
    this.#places[place + 1] = start;
    this.#places[place + 2] = end;
    this.#places[place + 3] = this.#length;
  }

  #skipSpace(): void {
    const bytes = this.#bytes;
    let at = this.#at;
    for (;;) {
      const byte = bytes[at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break;
      at += 1;
    }
    this.#at = at;
  }

  #unexpected(): JsonError {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) return this.#error('Unexpected end of input');
    const what = this.#bytes.toString('utf8', this.#at, this.#at + 4);
    return this.#error(`Unexpected character ${JSON.stringify(String.fromCodePoint(what.codePointAt(0)!))}`);
  }

  #error(what: string): JsonError {
    return new JsonError(`${what} at byte ${this.#at}`);
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function isHex(byte: number | undefined): boolean {
  return isDigit(byte) || (byte !== undefined && (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
}

const isEscapable = new Uint8Array(256);
for (const character of '"\\/bfnrtu') isEscapable[character.charCodeAt(0)] = 1;
