import { depthMax, doublesTag, major, simple } from './plain-writer.ts';

/**
 * Reads what `plainPieces` has written, and all of it. Bytes are views of the given ones. Throws a TypeError
 * for anything else, after having made no more than the bytes can hold.
 */
export function plainValue(bytes: Buffer): unknown {
  const reader = new PlainReader(bytes);
  const value = reader.value(0);
  if (!reader.isAtEnd) throw new TypeError('something follows the data');
  return value;
}

class PlainReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  value(depth: number): unknown {
    if (depth > depthMax) throw new TypeError('the data is nested too deeply');
    const first = this.#bytes[this.#take(1)]!;
    const type = first & typeBits;
    if (type === major.simple) return this.#simple(first);
    const argument = this.#argument(first & ~typeBits);
    switch (type) {
      case major.unsigned:
        return argument;
      case major.negative:
        return -1 - argument;
      case major.bytes:
        return this.#slice(argument);
      case major.text:
        return this.#text(argument);
      case major.list:
        return this.#list(argument, depth + 1);
      case major.map:
        return this.#members(argument, depth + 1);
      default:
        return this.#doubles(argument, depth + 1);
    }
  }

  #simple(first: number): unknown {
    if (first === simple.double) return this.#bytes.readDoubleBE(this.#take(8));
    if (first === simple.true) return true;
    if (first === simple.false) return false;
    if (first === simple.null) return null;
    if (first === simple.undefined) return undefined;
    throw new TypeError(`0x${first.toString(16)} begins no plain data`);
  }

  #argument(info: number): number {
    if (info < 24) return info;
    if (info === 24) return this.#bytes[this.#take(1)]!;
    if (info === 25) return this.#bytes.readUInt16BE(this.#take(2));
    if (info === 26) return this.#bytes.readUInt32BE(this.#take(4));
    if (info !== 27) throw new TypeError('a length is of no known form');
    const at = this.#take(8);
    const argument = this.#bytes.readUInt32BE(at) * 2 ** 32 + this.#bytes.readUInt32BE(at + 4);
    if (!Number.isSafeInteger(argument)) throw new TypeError('a number is too large');
    return argument;
  }

  #list(length: number, depth: number): unknown[] {
    this.#requireRoom(length);
    const items: unknown[] = [];
    for (let nth = 0; nth < length; nth++) items.push(this.value(depth));
    return items;
  }

  #members(count: number, depth: number): Record<string, unknown> {
    this.#requireRoom(count * 2);
    const members: Record<string, unknown> = {};
    for (let nth = 0; nth < count; nth++) {
      const name = this.value(depth);
      if (typeof name !== 'string' || name === '__proto__') throw new TypeError('a member has no name');
      members[name] = this.value(depth);
    }
    return members;
  }

  #doubles(tag: number, depth: number): Float64Array {
    const bytes = tag === doublesTag ? this.value(depth) : undefined;
    if (!Buffer.isBuffer(bytes) || bytes.length % Float64Array.BYTES_PER_ELEMENT !== 0) {
      throw new TypeError('a tag is not known');
    }
    // A copy, which begins where doubles may.
    return new Float64Array(Uint8Array.from(bytes).buffer);
  }

  #text(length: number): string {
    const at = this.#take(length);
    return this.#bytes.toString('utf8', at, at + length);
  }

  #slice(length: number): Buffer {
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** Each item takes a byte at least. */
  #requireRoom(items: number): void {
    if (items > this.#bytes.length - this.#at) throw new TypeError('the data ends too early');
  }

  /** Where the next bytes begin. */
  #take(length: number): number {
    this.#requireRoom(length);
    const at = this.#at;
    this.#at += length;
    return at;
  }
}

const typeBits = 0b111_00000;
