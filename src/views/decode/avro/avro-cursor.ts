import { isUtf8 } from 'node:buffer';
import { depthMax, endsEarly, tooDeep, tooMany, Undecodable, valuesMax } from '../undecodable.ts';

/** How many values were read. */
export type Counted = { values: number };

/** Reads Avro's binary encoding (specification 1.12), and counts what it reads. */
export class AvroCursor {
  readonly #data: Buffer;
  readonly #counted: Counted;
  #at = 0;
  #depth = 0;

  /** `counted` is shared by what is read of one record. */
  constructor(data: Buffer, counted: Counted = { values: 0 }) {
    this.#data = data;
    this.#counted = counted;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#data.length;
  }

  /** To be called for each value: one may take no byte, and there may be any number of those. */
  count(): void {
    if (++this.#counted.values > valuesMax) throw tooMany();
  }

  /** Reads something that may have others of its kind in it. */
  nested<Value>(read: () => Value): Value {
    if (++this.#depth > depthMax) throw tooDeep();
    const value = read();
    this.#depth--;
    return value;
  }

  byte(): number {
    const byte = this.#data[this.#at++];
    if (byte === undefined) throw endsEarly();
    return byte;
  }

  take(length: number): Buffer {
    if (!(length >= 0 && length <= this.#data.length - this.#at)) throw endsEarly();
    this.#at += length;
    return this.#data.subarray(this.#at - length, this.#at);
  }

  /** Zigzag, seven bits a byte, the lowest first. */
  long(): bigint {
    let bits = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      bits |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, (bits >> 1n) ^ -(bits & 1n));
    }
    throw new Undecodable('a number in it is too long');
  }

  /** A length, a count or an index. */
  size(): number {
    return Number(this.long());
  }

  text(): string {
    const bytes = this.take(this.size());
    if (!isUtf8(bytes)) throw new Undecodable('a text in it is no UTF-8');
    return bytes.toString();
  }

  /**
   * The blocks of arrays and maps: a count of items, or its negative and the length of the block in bytes;
   * the last one is 0.
   */
  *items(): Iterable<undefined> {
    for (;;) {
      let count = this.size();
      if (count === 0) return;
      if (count < 0) {
        count = -count;
        this.size();
      }
      for (let index = 0; index < count; index++) yield undefined;
    }
  }
}
