/**
 * Reads what a broker answers; see `WireWriter` for the format. What is not there is a RangeError, so that an
 * answer that was cut off is never taken for one.
 */
export class WireReader {
  readonly #isFlexible: boolean;
  readonly #buffer: Buffer;
  #position = 0;

  constructor(buffer: Buffer, isFlexible: boolean) {
    this.#buffer = buffer;
    this.#isFlexible = isFlexible;
  }

  int16(): number {
    return this.#buffer.readInt16BE(this.#advance(2));
  }

  int32(): number {
    return this.#buffer.readInt32BE(this.#advance(4));
  }

  /** A whole number that a double holds exactly: offsets and times are. */
  int64(): number {
    const high = this.int32();
    return high * 2 ** 32 + this.#buffer.readUInt32BE(this.#advance(4));
  }

  /** Empty where there is none. */
  string(): string {
    const length = this.#isFlexible ? this.#varint() - 1 : this.int16();
    const start = this.#advance(Math.max(0, length));
    return this.#buffer.toString('utf8', start, this.#position);
  }

  /** Elements one after the other; none where the array is not there. */
  array<Element>(element: () => Element): Element[] {
    const count = this.#isFlexible ? this.#varint() - 1 : this.int32();
    const elements: Element[] = [];
    for (let left = count; left > 0; left -= 1) elements.push(element());
    return elements;
  }

  /** A view of the answer; empty where the bytes are not there. */
  bytes(): Buffer {
    const length = this.#isFlexible ? this.#varint() - 1 : this.int32();
    const start = this.#advance(Math.max(0, length));
    return this.#buffer.subarray(start, this.#position);
  }

  /** The end of a structure: tagged fields, none of which is needed here, are skipped. */
  end(): void {
    if (!this.#isFlexible) return;
    for (let left = this.#varint(); left > 0; left -= 1) {
      this.#varint();
      this.#advance(this.#varint());
    }
  }

  #varint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#buffer.readUInt8(this.#advance(1));
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('a varint of more than five bytes');
  }

  /** Where the next so many bytes begin. */
  #advance(bytes: number): number {
    const start = this.#position;
    if (start + bytes > this.#buffer.length) throw new RangeError('the answer is cut off');
    this.#position += bytes;
    return start;
  }
}
