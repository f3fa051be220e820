import { isUtf8 } from 'node:buffer';
import { breakByte, indefinite, major, simple } from '../../wire/cbor/cbor-format.ts';
import { depthMax, endsEarly, tooDeep, tooMany, Undecodable, valuesMax } from './undecodable.ts';

/**
 * A value of CBOR (RFC 8949), any that there is: bytes are base64, integers and bignums that a double does
 * not hold are texts, keys are texts, a tag without a meaning here is left out, times are as ISO 8601.
 * `Undecodable` where it is broken, or something follows.
 */
export function cborValue(data: Buffer): unknown {
  const reader = new CborValueReader(data);
  const value = reader.value(0);
  reader.requireEnd();
  return value;
}

/** Whether data begins as lists, maps and what describes itself do: numbers and texts would be mistaken. */
export function mayBeCbor(data: Buffer): boolean {
  const [first = 0] = data;
  const type = first >> 5;
  if (type === major.list || type === major.map) return data.length > 1;
  // RFC 8949 §3.4.6.
  return data.length > 3 && data.readUIntBE(0, 3) === 0xd9d9f7;
}

/** The wire's own reader knows the shape of what comes, rounds numbers and refuses tags. */
class CborValueReader {
  readonly #data: Buffer;
  #at = 0;
  #values = 0;

  constructor(data: Buffer) {
    this.#data = data;
  }

  requireEnd(): void {
    if (this.#at < this.#data.length) throw new Undecodable('something follows behind its CBOR');
  }

  value(depth: number): unknown {
    if (depth > depthMax) throw tooDeep();
    if (++this.#values > valuesMax) throw tooMany();
    const first = this.#byte();
    const information = first & 31;
    switch (first >> 5) {
      case major.unsigned:
        return numberOf(this.#argument(information));
      case major.negative:
        return numberOf(-1n - this.#argument(information));
      case major.bytes:
        return this.#string(major.bytes, information).toString('base64');
      case major.text:
        return this.#text(information);
      case major.list:
        return this.#list(information, depth);
      case major.map:
        return this.#map(information, depth);
      case major.tag:
        return this.#tagged(this.#argument(information), depth);
      default:
        return this.#simple(information);
    }
  }

  #list(information: number, depth: number): unknown[] {
    const items: unknown[] = [];
    for (const _ of this.#items(information)) items.push(this.value(depth + 1));
    return items;
  }

  #map(information: number, depth: number): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    for (const _ of this.#items(information)) {
      const key = this.value(depth + 1);
      entries.push([typeof key === 'string' ? key : JSON.stringify(key), this.value(depth + 1)]);
    }
    // No setter of any key's is called this way, that of __proto__ neither.
    return Object.fromEntries(entries);
  }

  /** As many times as there are items, or until the break. */
  *#items(information: number): Iterable<undefined> {
    if (information === indefinite) {
      while (this.#data[this.#at] !== breakByte) yield undefined;
      this.#at++;
      return;
    }
    const count = this.#argument(information);
    for (let index = 0n; index < count; index++) yield undefined;
  }

  #tagged(tag: bigint, depth: number): unknown {
    const first = this.#data[this.#at] ?? 0;
    if ((tag === 2n || tag === 3n) && first >> 5 === major.bytes) {
      this.#at++;
      const magnitude = this.#string(major.bytes, first & 31);
      if (magnitude.length > bignumBytesMax)
        throw new Undecodable('it holds a number of more than 1024 bytes');
      const number = BigInt(`0x0${magnitude.toString('hex')}`);
      return numberOf(tag === 2n ? number : -1n - number);
    }
    const value = this.value(depth + 1);
    return tag === 1n && typeof value === 'number' ? timeOf(value) : value;
  }

  #text(information: number): string {
    const bytes = this.#string(major.text, information);
    if (!isUtf8(bytes)) throw new Undecodable('a text in it is no UTF-8');
    return bytes.toString();
  }

  /** Bytes or a text, in one piece or in several. */
  #string(type: number, information: number): Buffer {
    if (information !== indefinite) return this.#take(Number(this.#argument(information)));
    const pieces: Buffer[] = [];
    for (const _ of this.#items(indefinite)) {
      const first = this.#byte();
      if (first >> 5 !== type) throw new Undecodable('a text in it is not made of texts');
      if (++this.#values > valuesMax) throw tooMany();
      pieces.push(this.#take(Number(this.#argument(first & 31))));
    }
    return Buffer.concat(pieces);
  }

  #simple(information: number): unknown {
    switch (information) {
      case simple.false:
        return false;
      case simple.true:
        return true;
      case simple.null:
      case simple.undefined:
        return null;
      case simple.half:
        return floatOf(halfOf(this.#take(2).readUInt16BE()));
      case simple.single:
        return floatOf(this.#take(4).readFloatBE());
      case simple.double:
        return floatOf(this.#take(8).readDoubleBE());
      default:
        throw new Undecodable('it is no CBOR');
    }
  }

  #argument(information: number): bigint {
    switch (information) {
      case 24:
        return BigInt(this.#byte());
      case 25:
        return BigInt(this.#take(2).readUInt16BE());
      case 26:
        return BigInt(this.#take(4).readUInt32BE());
      case 27:
        return this.#take(8).readBigUInt64BE();
      default:
        if (information > 27) throw new Undecodable('it is no CBOR');
        return BigInt(information);
    }
  }

  #byte(): number {
    const byte = this.#data[this.#at++];
    if (byte === undefined) throw endsEarly();
    return byte;
  }

  #take(length: number): Buffer {
    if (length > this.#data.length - this.#at) throw endsEarly();
    this.#at += length;
    return this.#data.subarray(this.#at - length, this.#at);
  }
}

/** Longer ones take long to write in decimal. */
const bignumBytesMax = 1024;

function numberOf(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

/** JSON has no infinities. */
function floatOf(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

function timeOf(seconds: number): string | number {
  const time = new Date(seconds * 1000);
  return Number.isNaN(time.getTime()) ? seconds : time.toISOString();
}

/** RFC 8949, appendix D. */
function halfOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}
