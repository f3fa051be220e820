import { isUtf8 } from 'node:buffer';
import { bufferOf } from '../../env/buffer-of.ts';
import { answerBytes, ByteSink } from '../byte-sink.ts';
import type { Writer } from '../writer.ts';

/** Writes JSON (RFC 8259) as in awsJson1_1: blobs in base64, times in seconds with a fraction. */
export class JsonWriter implements Writer {
  readonly encoding = 'json';
  readonly sink = new ByteSink(answerBytes);
  /** Whether a list or map was just opened: no comma comes before its first item. */
  #fresh = true;

  string(text: string): void {
    if (text.length <= loopMax && this.#plain(text)) return;
    if (plain.test(text)) this.#quoted(text);
    else this.sink.utf8(JSON.stringify(text));
  }

  integer(value: number): void {
    this.sink.ascii(String(value));
  }

  double(value: number): void {
    if (!Number.isFinite(value)) this.#quoted(String(value));
    else this.sink.ascii(Object.is(value, -0) ? '-0' : String(value));
  }

  timestamp(milliseconds: number): void {
    this.sink.ascii(String(milliseconds / 1000));
  }

  boolean(value: boolean): void {
    this.sink.ascii(value ? 'true' : 'false');
  }

  blob(bytes: Uint8Array): void {
    this.#quoted(bufferOf(bytes).toString('base64'));
  }

  textIn(bytes: Buffer, from: number, end: number): void {
    if (!this.#escaped(bytes, from, end)) this.string(bytes.toString('utf8', from, end));
  }

  blobIn(bytes: Buffer, from: number, end: number): void {
    this.#quoted(bytes.toString('base64', from, end));
  }

  openList(): void {
    this.#open(openBracket);
  }

  item(): void {
    if (this.#fresh) this.#fresh = false;
    else this.sink.byte(comma);
  }

  closeList(): void {
    this.#close(closeBracket);
  }

  openMap(): void {
    this.#open(openBrace);
  }

  key(name: string): void {
    this.item();
    this.string(name);
    this.sink.byte(colon);
  }

  closeMap(): void {
    this.#close(closeBrace);
  }

  forItems(): JsonWriter {
    const writer = new JsonWriter();
    writer.#fresh = false;
    return writer;
  }

  items(written: Buffer): void {
    this.sink.share(this.#fresh ? written.subarray(1) : written);
    this.#fresh = false;
  }

  #quoted(text: string): void {
    this.sink.byte(quote);
    this.sink.ascii(text);
    this.sink.byte(quote);
  }

  /** Writes a string if it needs no escapes and has one byte a character. */
  #plain(text: string): boolean {
    const sink = this.sink;
    const { length } = text;
    sink.reserve(length + 2);
    const { buffer, end } = sink;
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index);
      if (code < 0x20 || code > 0x7e || code === quote || code === backslash) return false;
      buffer[end + 1 + index] = code;
    }
    buffer[end] = quote;
    buffer[end + 1 + length] = quote;
    sink.end = end + length + 2;
    return true;
  }

  /** Writes UTF-8 with quotes and backslashes escaped. False for invalid UTF-8 and control characters. */
  #escaped(bytes: Buffer, from: number, end: number): boolean {
    const sink = this.sink;
    sink.reserve(2 * (end - from) + 2);
    const { buffer } = sink;
    let to = sink.end;
    let seen = 0;
    buffer[to++] = quote;
    for (let at = from; at < end; at++) {
      const code = bytes[at]!;
      if (code < 0x20) return false;
      if (code === quote || code === backslash) buffer[to++] = backslash;
      buffer[to++] = code;
      seen |= code;
    }
    if (seen > 0x7f && !isUtf8(bytes.subarray(from, end))) return false;
    buffer[to++] = quote;
    sink.end = to;
    return true;
  }

  #open(bracket: number): void {
    this.sink.byte(bracket);
    this.#fresh = true;
  }

  #close(bracket: number): void {
    this.sink.byte(bracket);
    this.#fresh = false;
  }
}

/** Needs no escapes: ASCII except control characters, quotes and backslashes. */
const plain = /^[ !#-[\]-~]*$/;

/** Up to this length a loop costs less than calls into the platform (on Node 26, they are even here). */
const loopMax = 40;

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
