import { isUtf8 } from 'node:buffer';
import { answerBytes, ByteSink } from '../byte-sink.ts';
import type { Writer } from '../writer.ts';
import { breakByte, indefinite, major, simple, type TimeUnit, timeTag } from './cbor-format.ts';

/** Writes CBOR as AWS does: lists and maps without a length, times as tag 1. */
export class CborWriter implements Writer {
  readonly encoding: string;
  readonly sink = new ByteSink(answerBytes);
  readonly #timeUnit: TimeUnit;

  constructor(timeUnit: TimeUnit) {
    this.#timeUnit = timeUnit;
    this.encoding = `cbor in ${timeUnit}`;
  }

  string(text: string): void {
    if (text.length < 24 && this.#shortAscii(text)) return;
    this.#head(major.text, Buffer.byteLength(text));
    this.sink.utf8(text);
  }

  integer(value: number): void {
    if (value < 0) this.#head(major.negative, -1 - value);
    else this.#head(major.unsigned, value);
  }

  /** In four bytes where that is exact. */
  double(value: number): void {
    if (!Object.is(Math.fround(value), value)) {
      this.#wide(value);
      return;
    }
    this.sink.byte((major.other << 5) | simple.single);
    this.sink.reserve(4);
    this.sink.end = this.sink.buffer.writeFloatBE(value, this.sink.end);
  }

  timestamp(milliseconds: number): void {
    this.#head(major.tag, timeTag);
    // Java's SDKs fail on a fraction of a millisecond.
    if (this.#timeUnit === 'milliseconds') this.integer(Math.floor(milliseconds));
    else if (milliseconds % 1000 === 0) this.integer(milliseconds / 1000);
    else this.#wide(milliseconds / 1000);
  }

  boolean(value: boolean): void {
    this.#head(major.other, value ? simple.true : simple.false);
  }

  blob(bytes: Uint8Array): void {
    this.#head(major.bytes, bytes.length);
    this.sink.reserve(bytes.length);
    this.sink.buffer.set(bytes, this.sink.end);
    this.sink.end += bytes.length;
  }

  textIn(bytes: Buffer, from: number, end: number): void {
    let seen = 0;
    for (let at = from; at < end; at++) seen |= bytes[at]!;
    if (seen > 0x7f && !isUtf8(bytes.subarray(from, end))) {
      this.string(bytes.toString('utf8', from, end));
    } else {
      this.#head(major.text, end - from);
      this.sink.copy(bytes, from, end);
    }
  }

  blobIn(bytes: Buffer, from: number, end: number): void {
    this.#head(major.bytes, end - from);
    this.sink.copy(bytes, from, end);
  }

  openList(): void {
    this.sink.byte((major.list << 5) | indefinite);
  }

  item(): void {}

  closeList(): void {
    this.sink.byte(breakByte);
  }

  openMap(): void {
    this.sink.byte((major.map << 5) | indefinite);
  }

  key(name: string): void {
    this.string(name);
  }

  closeMap(): void {
    this.sink.byte(breakByte);
  }

  forItems(): CborWriter {
    return new CborWriter(this.#timeUnit);
  }

  items(written: Buffer): void {
    this.sink.share(written);
  }

  #wide(value: number): void {
    this.sink.byte((major.other << 5) | simple.double);
    this.sink.reserve(8);
    this.sink.end = this.sink.buffer.writeDoubleBE(value, this.sink.end);
  }

  /** Writes a text whose length fits into its first byte, as names do, if it is ASCII. */
  #shortAscii(text: string): boolean {
    const sink = this.sink;
    const { length } = text;
    sink.reserve(1 + length);
    const { buffer, end } = sink;
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index);
      if (code > 0x7f) return false;
      buffer[end + 1 + index] = code;
    }
    buffer[end] = (major.text << 5) | length;
    sink.end = end + 1 + length;
    return true;
  }

  /** A major type and its argument, in the fewest bytes (RFC 8949 §4.2.1). */
  #head(type: number, argument: number): void {
    const sink = this.sink;
    sink.reserve(9);
    const { buffer } = sink;
    const first = type << 5;
    if (argument < 24) {
      buffer[sink.end++] = first | argument;
    } else if (argument < 0x100) {
      buffer[sink.end++] = first | 24;
      buffer[sink.end++] = argument;
    } else if (argument < 0x1_0000) {
      buffer[sink.end] = first | 25;
      sink.end = buffer.writeUInt16BE(argument, sink.end + 1);
    } else if (argument < 0x1_0000_0000) {
      buffer[sink.end] = first | 26;
      sink.end = buffer.writeUInt32BE(argument, sink.end + 1);
    } else {
      buffer[sink.end] = first | 27;
      buffer.writeUInt32BE(Math.floor(argument / 2 ** 32), sink.end + 1);
      sink.end = buffer.writeUInt32BE(argument % 2 ** 32, sink.end + 5);
    }
  }
}
