/**
 * Writes plain data as CBOR (RFC 8949): numbers, texts, booleans, null, undefined, bytes, lists, objects
 * without methods, and lists of doubles (tag 86 of RFC 8746). Throws a TypeError for anything else. The
 * pieces are to be sent one after the other. Bytes from `sharedBytesMin` on are not copied: they must not
 * change until the pieces are sent.
 */
export function plainPieces(value: unknown): Buffer[] {
  const writer = new PlainWriter();
  writer.value(value, 0);
  return writer.end();
}

class PlainWriter {
  readonly #pieces: Buffer[] = [];
  #buffer = Buffer.allocUnsafe(firstBytes);
  /** What is before it is in a piece already. */
  #from = 0;
  #at = 0;

  value(value: unknown, depth: number): void {
    if (typeof value === 'number') this.#number(value);
    else if (typeof value === 'string') this.#text(value);
    else if (typeof value === 'boolean') this.#byte(value ? simple.true : simple.false);
    else if (value === undefined) this.#byte(simple.undefined);
    else if (value === null) this.#byte(simple.null);
    else if (typeof value !== 'object') throw new TypeError(`a ${typeof value} is no plain data`);
    else this.#object(value, depth + 1);
  }

  end(): Buffer[] {
    this.#cut();
    return this.#pieces;
  }

  #object(value: object, depth: number): void {
    if (depth > depthMax) throw new TypeError('the data is nested too deeply');
    if (Array.isArray(value)) {
      this.#head(major.list, value.length);
      for (const item of value) this.value(item, depth);
    } else if (value instanceof Uint8Array) {
      this.#bytes(value);
    } else if (value instanceof Float64Array) {
      this.#head(major.tag, doublesTag);
      this.#bytes(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    } else {
      this.#members(value, depth);
    }
  }

  #members(value: object, depth: number): void {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) {
      throw new TypeError(`a ${value.constructor.name} is no plain data`);
    }
    const entries = Object.entries(value);
    this.#head(major.map, entries.length);
    for (const [name, member] of entries) {
      this.#text(name);
      this.value(member, depth);
    }
  }

  #number(value: number): void {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
      this.#reserve(doubleBytes);
      this.#buffer[this.#at] = simple.double;
      this.#at = this.#buffer.writeDoubleBE(value, this.#at + 1);
    } else if (value < 0) this.#head(major.negative, -1 - value);
    else this.#head(major.unsigned, value);
  }

  #text(value: string): void {
    const length = Buffer.byteLength(value);
    this.#head(major.text, length);
    this.#reserve(length);
    this.#at += this.#buffer.write(value, this.#at);
  }

  #bytes(value: Uint8Array): void {
    this.#head(major.bytes, value.length);
    if (value.length >= sharedBytesMin) {
      this.#cut();
      this.#pieces.push(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
      return;
    }
    this.#reserve(value.length);
    this.#buffer.set(value, this.#at);
    this.#at += value.length;
  }

  /** The shortest form of a major type and its argument. */
  #head(type: number, argument: number): void {
    this.#reserve(1 + 8);
    const buffer = this.#buffer;
    if (argument < 24) {
      buffer[this.#at++] = type | argument;
    } else if (argument < 2 ** 8) {
      buffer[this.#at] = type | 24;
      this.#at = buffer.writeUInt8(argument, this.#at + 1);
    } else if (argument < 2 ** 16) {
      buffer[this.#at] = type | 25;
      this.#at = buffer.writeUInt16BE(argument, this.#at + 1);
    } else if (argument < 2 ** 32) {
      buffer[this.#at] = type | 26;
      this.#at = buffer.writeUInt32BE(argument, this.#at + 1);
    } else {
      buffer[this.#at] = type | 27;
      this.#at = buffer.writeUInt32BE(Math.floor(argument / 2 ** 32), this.#at + 1);
      this.#at = buffer.writeUInt32BE(argument % 2 ** 32, this.#at);
    }
  }

  #byte(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#at++] = value;
  }

  /** Makes room; what was written so far becomes a piece when there is none. */
  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.length) return;
    this.#cut();
    this.#buffer = Buffer.allocUnsafe(Math.max(bytes, firstBytes, this.#buffer.length * 2));
    this.#from = 0;
    this.#at = 0;
  }

  #cut(): void {
    if (this.#at > this.#from) this.#pieces.push(this.#buffer.subarray(this.#from, this.#at));
    this.#from = this.#at;
  }
}

const firstBytes = 2048;
const doubleBytes = 1 + 8;

/** What is smaller is dearer to send by itself than to copy. */
export const sharedBytesMin = 4096;

/** The upper three bits of an item's first byte (RFC 8949 §3.1). */
export const major = {
  unsigned: 0 << 5,
  negative: 1 << 5,
  bytes: 2 << 5,
  text: 3 << 5,
  list: 4 << 5,
  map: 5 << 5,
  tag: 6 << 5,
  simple: 7 << 5,
} as const;

/** RFC 8949 §3.3. */
export const simple = { false: 0xf4, true: 0xf5, null: 0xf6, undefined: 0xf7, double: 0xfb } as const;

/** Doubles, the lowest byte first, as all machines have them that run Node (RFC 8746 §2.1). */
export const doublesTag = 86;

/** A value that refers to itself ends here. */
export const depthMax = 64;
