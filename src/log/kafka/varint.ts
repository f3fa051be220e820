/**
 * Numbers as Kafka's records have them (Kafka protocol guide, "Protocol Primitive Types", VARINT): zigzag,
 * then seven bits to a byte, the lowest first. None that we write is above 2^30 − 1, and only the length of
 * what is null is below zero.
 */

/** What a number from 0 on takes. */
export function varintBytes(value: number): number {
  if (value < 1 << 6) return 1;
  if (value < 1 << 13) return 2;
  if (value < 1 << 20) return 3;
  return value < 1 << 27 ? 4 : 5;
}

/** Writes a number from 0 on; answers where it ends. */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  value <<= 1;
  while (value > 0x7f) {
    bytes[at++] = (value & 0x7f) | 0x80;
    value >>>= 7;
  }
  bytes[at++] = value;
  return at;
}

/** −1, the length of what is null, as it is written. */
export const nullLength = 0x01;

/** Reads numbers, one after the other. What there is not is read as `NaN`, and so is all that follows. */
export class VarintReader {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  /** Of at most 32 bits. */
  next(): number {
    const first = this.#bytes[this.at];
    if (first !== undefined && first < 0x80) {
      this.at += 1;
      return (first >>> 1) ^ -(first & 1);
    }
    return this.#long();
  }

  /** Passes over one of at most 64 bits. */
  skip(): void {
    for (let count = 1; count <= longBytesMax; count++) {
      const byte = this.#bytes[this.at++];
      if (byte !== undefined && byte < 0x80) return;
    }
    this.at = Number.NaN;
  }

  #long(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#bytes[this.at++];
      if (byte === undefined) break;
      value = (value | ((byte & 0x7f) << shift)) >>> 0;
      if (byte < 0x80) return (value >>> 1) ^ -(value & 1);
    }
    this.at = Number.NaN;
    return Number.NaN;
  }
}

const longBytesMax = 10;
