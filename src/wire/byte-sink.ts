/** Bytes that grow at the end. `reserve` makes room; then bytes may be put into `buffer` and `end` moved past them. */
export class ByteSink {
  buffer: Buffer;
  end = 0;

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

  bytes(): Buffer {
    return this.buffer.subarray(0, this.end);
  }

  #grow(length: number): void {
    const grown = Buffer.allocUnsafe(Math.max(Math.ceil(length), this.buffer.length * 2));
    grown.set(this.bytes());
    this.buffer = grown;
  }
}

/** Enough for most answers that hold no records. */
export const answerBytes = 1024;
