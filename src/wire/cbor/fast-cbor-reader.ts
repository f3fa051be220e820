import { type FastEncoding, type FastReader, standsAt } from '../columns.ts';
import { breakByte, indefinite, major } from './cbor-format.ts';

/** Plain CBOR has texts and data in one piece, maps and lists of any form, and no tags. */
class FastCborReader implements FastReader {
  readonly body: Buffer;
  start = 0;
  end = 0;
  #at = 0;
  /** For each open list and map: the number of items or members to come; `untilBreak` if it is not given. */
  readonly #remaining: number[] = [];

  constructor(body: Buffer) {
    this.body = body;
  }

  get dataBytes(): number {
    return this.end - this.start;
  }

  openMap(): boolean {
    return this.#open(major.map);
  }

  openList(): boolean {
    return this.#open(major.list);
  }

  more(): boolean {
    const level = this.#remaining.length - 1;
    const remaining = this.#remaining[level]!;
    if (remaining === untilBreak) return this.body[this.#at] !== breakByte;
    this.#remaining[level] = remaining - 1;
    return remaining > 1;
  }

  closeMap(): boolean {
    // A break, where there is one, comes next.
    if (this.#remaining.pop() === untilBreak) this.#at++;
    return true;
  }

  closeList(): boolean {
    return this.closeMap();
  }

  name(written: Buffer): boolean {
    if (!standsAt(this.body, this.#at, written)) return false;
    this.#at += written.length;
    return true;
  }

  text(max: number): boolean {
    if (!this.#string(major.text) || this.end - this.start > max) return false;
    let seen = 0;
    for (let at = this.start; at < this.end; at++) seen |= this.body[at]!;
    return seen < 0x80;
  }

  data(): boolean {
    return this.#string(major.bytes);
  }

  isEnd(): boolean {
    return this.#at === this.body.length;
  }

  writeData(start: number, end: number, bytes: Buffer, at: number): boolean {
    this.body.copy(bytes, at, start, end);
    return true;
  }

  #open(type: number): boolean {
    if (this.body[this.#at] === ((type << 5) | indefinite)) {
      this.#at++;
      this.#remaining.push(untilBreak);
      return true;
    }
    const count = this.#argument(type);
    this.#remaining.push(count);
    return count > 0;
  }

  #string(type: number): boolean {
    const length = this.#argument(type);
    if (length === none || length > this.body.length - this.#at) return false;
    this.start = this.#at;
    this.#at += length;
    this.end = this.#at;
    return true;
  }

  /** The argument of a value of this type. `none` for other types, and for lengths that no body has. */
  #argument(type: number): number {
    const { body } = this;
    const first = body[this.#at]!;
    const information = first & 31;
    if (first >> 5 !== type || information > 26) return none;
    const at = this.#at + 1;
    this.#at = at + (information < 24 ? 0 : 1 << (information - 24));
    if (this.#at > body.length) return none;
    if (information < 24) return information;
    if (information === 24) return body[at]!;
    if (information === 25) return (body[at]! << 8) | body[at + 1]!;
    return ((body[at]! << 24) | (body[at + 1]! << 16) | (body[at + 2]! << 8) | body[at + 3]!) >>> 0;
  }
}

export const fastCbor: FastEncoding = {
  reader: (body) => new FastCborReader(body),
  /** With its head in the shortest form. */
  written(name) {
    const { length } = name;
    const head = length < 24 ? [(major.text << 5) | length] : [(major.text << 5) | 24, length];
    return Buffer.concat([Buffer.of(...head), Buffer.from(name)]);
  },
};

const untilBreak = -1;
const none = -2;
