/** Growing bytes. After `reserve`, bytes may be put into `buffer` directly, and `end` moved past them. */
export class ByteSink {
  buffer: Buffer;
  end = 0;
  /** The bytes before `buffer`. */
  readonly #before: Buffer[] = [];

  constructor(capacity: number) {
    this.buffer = Buffer.allocUnsafe(capacity);
  }

  reserve(length: number): void {
    if (this.end + length > this.buffer.length) this.#grow(this.end + length);
  }

  byte(value: number): void {
    this.reserve(1);
    this.buffer[this.end++] = value;
  }

  /** Text whose characters are all below 128. */
  ascii(text: string): void {
    this.reserve(text.length);
    this.end += this.buffer.write(text, this.end, 'latin1');
  }

  utf8(text: string): void {
    // UTF-8 takes at most three bytes per UTF-16 unit.
    this.reserve(text.length * 3);
    this.end += this.buffer.write(text, this.end, 'utf8');
  }

  copy(bytes: Buffer, from = 0, end = bytes.length): void {
    this.reserve(end - from);
    this.end += bytes.copy(this.buffer, this.end, from, end);
  }

  /** Adds bytes that must not change any more; many are not copied. */
  share(bytes: Buffer): void {
    if (bytes.length < sharedBytesMin) {
      this.copy(bytes);
      return;
    }
    this.#before.push(this.buffer.subarray(0, this.end), bytes);
    this.buffer = this.buffer.subarray(this.end);
    this.end = 0;
  }

  bytes(): Buffer {
    const last = this.buffer.subarray(0, this.end);
    return this.#before.length === 0 ? last : Buffer.concat([...this.#before, last]);
  }

  /** The same, in the pieces that they are kept in. */
  pieces(): readonly Buffer[] {
    return [...this.#before, this.buffer.subarray(0, this.end)].filter(({ length }) => length > 0);
  }

  #grow(length: number): void {
    const grown = Buffer.allocUnsafe(Math.max(Math.ceil(length), this.buffer.length * 2));
    grown.set(this.buffer.subarray(0, this.end));
    this.buffer = grown;
  }
}

/** An additional piece costs as much as copying this many bytes. */
const sharedBytesMin = 4096;

/** Enough for the place of a record; larger ones would take more of the buffers' pool for each answer. */
export const answerBytes = 256;
