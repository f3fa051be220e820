/**
 * Values as Kafka's protocol has them (Kafka protocol guide, "Protocol Primitive Types"), big-endian. Since
 * KIP-482 an API has newer, flexible versions: lengths are varints and one more than the length, and tagged
 * fields end every structure.
 */
export class WireWriter {
  readonly #isFlexible: boolean;
  #buffer = Buffer.allocUnsafe(512);
  #length = 0;
  #cut = 0;

  constructor(isFlexible: boolean) {
    this.#isFlexible = isFlexible;
  }

  /** What was written since the last time, without a copy. */
  take(): Buffer {
    const taken = this.#buffer.subarray(this.#cut, this.#length);
    this.#cut = this.#length;
    return taken;
  }

  int8(value: number): void {
    this.#length = this.#room(1).writeInt8(value, this.#length);
  }

  int16(value: number): void {
    this.#length = this.#room(2).writeInt16BE(value, this.#length);
  }

  int32(value: number): void {
    this.#length = this.#room(4).writeInt32BE(value, this.#length);
  }

  /** A whole number that a double holds exactly: offsets and times are. */
  int64(value: number): void {
    this.int32(Math.floor(value / 2 ** 32));
    this.int32(value | 0);
  }

  string(value: string): void {
    const byteLength = Buffer.byteLength(value);
    this.#lengthOf(byteLength, 2);
    this.#room(byteLength).write(value, this.#length);
    this.#length += byteLength;
  }

  /** The string that is not there. */
  noString(): void {
    if (this.#isFlexible) this.#varint(0);
    else this.int16(-1);
  }

  /** Before so many elements. */
  array(count: number): void {
    this.#lengthOf(count, 4);
  }

  /** Before so many bytes, which stand elsewhere. */
  bytesLength(length: number): void {
    this.#lengthOf(length, 4);
  }

  /** No tagged fields: the end of a structure. */
  end(): void {
    if (this.#isFlexible) this.#varint(0);
  }

  #lengthOf(length: number, plainBytes: 2 | 4): void {
    if (this.#isFlexible) this.#varint(length + 1);
    else if (plainBytes === 2) this.int16(length);
    else this.int32(length);
  }

  #varint(value: number): void {
    const buffer = this.#room(5);
    for (; value > 0x7f; value >>>= 7) this.#length = buffer.writeUInt8((value & 0x7f) | 0x80, this.#length);
    this.#length = buffer.writeUInt8(value, this.#length);
  }

  #room(bytes: number): Buffer {
    if (this.#length + bytes > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + bytes));
      this.#buffer.copy(larger, 0, 0, this.#length);
      this.#buffer = larger;
    }
    return this.#buffer;
  }
}
