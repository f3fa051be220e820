import { isUtf8 } from 'node:buffer';
import { decodeBase64 } from '../base64.ts';
import {
  depthMax,
  end,
  malformed,
  type Reader,
  type Token,
  unknown,
  usualRules,
  valuesMax,
} from '../reader.ts';
import { breakByte, indefinite, major, simple, type TimeUnit, timeTag } from './cbor-format.ts';

/**
 * Reads CBOR (RFC 8949). Blobs are views of the body. Bignums and all tags except a time's are refused; a
 * length counts only as far as there are bytes.
 */
export class CborReader implements Reader {
  readonly rules = usualRules;
  readonly #body: Buffer;
  readonly #timeUnit: TimeUnit;
  #at = 0;
  #values = 0;
  /** For each open list and map: the number of items or keys to come; `untilBreak` if it is not given. */
  readonly #remaining: number[] = [];

  constructor(body: Buffer, timeUnit: TimeUnit) {
    this.#body = body;
    this.#timeUnit = timeUnit;
  }

  peek(): Token {
    const first = this.#body[this.#at];
    if (first === undefined) throw malformed();
    switch (first >> 5) {
      case major.unsigned:
      case major.negative:
        return 'number';
      case major.bytes:
        return 'bytes';
      case major.text:
        return 'string';
      case major.list:
        return 'list';
      case major.map:
        return 'map';
      case major.tag:
        return this.#timeTag();
      default:
        return simpleToken(first & 31);
    }
  }

  string(): string {
    if (!this.#isIndefinite()) return this.#text(this.#length());
    return this.#chunks(major.text, (length) => this.#text(length)).join('');
  }

  number(): number {
    const first = this.#body[this.#at++]!;
    const information = first & 31;
    switch (first >> 5) {
      case major.unsigned:
        return this.#argument(information);
      case major.negative:
        return -1 - this.#argument(information);
      default:
        return this.#float(information);
    }
  }

  skipString(): void {
    if (this.#isIndefinite()) this.#passChunks();
    else this.#passText(this.#length());
  }

  skipNumber(): void {
    this.number();
  }

  timestamp(): number {
    const time = this.number();
    return this.#timeUnit === 'seconds' ? Math.round(time * 1000) : time;
  }

  boolean(): boolean {
    return (this.#body[this.#at++]! & 31) === simple.true;
  }

  null(): void {
    this.#at++;
  }

  blob(): Buffer {
    // Jackson, with which AWS reads CBOR, takes text for bytes as base64.
    if (this.peek() === 'string') return decodeBase64(this.string());
    if (!this.#isIndefinite()) return this.#bytes(this.#length());
    return Buffer.concat(this.#chunks(major.bytes, (length) => this.#bytes(length)));
  }

  open(): void {
    if (this.#remaining.length === depthMax) throw malformed();
    if (this.#isIndefinite()) {
      this.#at++;
      this.#remaining.push(untilBreak);
    } else {
      this.#remaining.push(this.#argument(this.#body[this.#at++]! & 31));
    }
  }

  nextItem(): boolean {
    if (++this.#values > valuesMax) throw malformed();
    const level = this.#remaining.length - 1;
    const remaining = this.#remaining[level]!;
    if (remaining === 0 || (remaining === untilBreak && this.#body[this.#at] === breakByte)) {
      if (remaining === untilBreak) this.#at++;
      this.#remaining.pop();
      return false;
    }
    if (remaining !== untilBreak) this.#remaining[level] = remaining - 1;
    return true;
  }

  nextMember(names: readonly string[], guess: number): number {
    if (!this.nextItem()) return end;
    for (let step = 0; step < names.length; step++) {
      const index = (guess + step) % names.length;
      if (this.#isNext(names[index]!)) return index;
    }
    const index = names.indexOf(this.#key());
    return index === -1 ? unknown : index;
  }

  nextKey(): string | undefined {
    return this.nextItem() ? this.#key() : undefined;
  }

  end(): void {
    if (this.#at !== this.#body.length) throw malformed();
  }

  /** Skips the tag of a time, so that its number comes next. */
  #timeTag(): Token {
    const tag = this.#argument(this.#body[this.#at++]! & 31);
    const first = this.#body[this.#at];
    if (tag !== timeTag || first === undefined || first >> 5 === major.tag || this.peek() !== 'number') {
      throw malformed();
    }
    return 'number';
  }

  #key(): string {
    if (this.peek() !== 'string') throw malformed();
    return this.string();
  }

  /** Whether the next key is this name in its shortest form. Other forms are left to `#key`. */
  #isNext(name: string): boolean {
    const body = this.#body;
    const { length } = name;
    let start = this.#at + 1;
    if (length < 24) {
      if (body[this.#at] !== ((major.text << 5) | length)) return false;
    } else if (body[this.#at] !== ((major.text << 5) | 24) || body[start++] !== length) {
      return false;
    }
    for (let index = 0; index < length; index++) {
      if (body[start + index] !== name.charCodeAt(index)) return false;
    }
    this.#at = start + length;
    return true;
  }

  #isIndefinite(): boolean {
    return (this.#body[this.#at]! & 31) === indefinite;
  }

  #length(): number {
    return this.#argument(this.#body[this.#at++]! & 31);
  }

  /** The argument of the head whose first byte was just read. Above 2^53 it is rounded. */
  #argument(information: number): number {
    const body = this.#body;
    if (information < 24) return information;
    const start = this.#at;
    this.#at += information === 24 ? 1 : information === 25 ? 2 : information === 26 ? 4 : 8;
    if (information > 27 || this.#at > body.length) throw malformed();
    if (information === 24) return body[start]!;
    if (information === 25) return body.readUInt16BE(start);
    if (information === 26) return body.readUInt32BE(start);
    return body.readUInt32BE(start) * 2 ** 32 + body.readUInt32BE(start + 4);
  }

  #float(information: number): number {
    const body = this.#body;
    const start = this.#at;
    this.#at += information === simple.half ? 2 : information === simple.single ? 4 : 8;
    if (this.#at > body.length) throw malformed();
    if (information === simple.half) return halfFloat(body.readUInt16BE(start));
    return information === simple.single ? body.readFloatBE(start) : body.readDoubleBE(start);
  }

  #bytes(length: number): Buffer {
    const start = this.#at;
    if (length > this.#body.length - start) throw malformed();
    this.#at += length;
    return this.#body.subarray(start, this.#at);
  }

  #text(length: number): string {
    const start = this.#at;
    if (length > textUsual) {
      return this.#passText(length).toString('utf8');
    }
    if (length > this.#body.length - start) throw malformed();
    this.#at += length;
    const text = this.#body.toString('utf8', start, this.#at);
    // Invalid UTF-8 becomes replacement characters, so a text without one needs no second look.
    if (text.includes('\ufffd') && !isUtf8(this.#body.subarray(start, this.#at))) throw malformed();
    return text;
  }

  #passText(length: number): Buffer {
    const bytes = this.#bytes(length);
    if (!isUtf8(bytes)) throw malformed();
    return bytes;
  }

  #passChunks(): void {
    this.#at++;
    while (this.#body[this.#at] !== breakByte) this.#passText(this.#chunkLength(major.text));
    this.#at++;
  }

  /** The chunks of a string without a length; each has one (RFC 8949 §3.2.3). */
  #chunks<Chunk>(type: number, read: (length: number) => Chunk): Chunk[] {
    const chunks: Chunk[] = [];
    this.#at++;
    while (this.#body[this.#at] !== breakByte) chunks.push(read(this.#chunkLength(type)));
    this.#at++;
    return chunks;
  }

  #chunkLength(type: number): number {
    if (this.#body[this.#at]! >> 5 !== type || ++this.#values > valuesMax) throw malformed();
    return this.#length();
  }
}

/** Longer texts are checked before a string is made. */
const textUsual = 1024;

function simpleToken(information: number): Token {
  switch (information) {
    case simple.false:
    case simple.true:
      return 'boolean';
    case simple.null:
    case simple.undefined:
      return 'null';
    case simple.half:
    case simple.single:
    case simple.double:
      return 'number';
    default:
      throw malformed();
  }
}

/** RFC 8949, appendix D. */
function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

const untilBreak = -1;
