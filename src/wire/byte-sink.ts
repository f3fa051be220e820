/** Bytes that grow at the end. Callers make room with `reserve`, then write and move `end`, or use a method that does both. */
export class ByteSink {
  buffer: Buffer;
  end = 0;

  constructor(capacity: number) {
    this.buffer = Buffer.allocUnsafe(capacity);
  }

  reserve(length: number): void {
    if (this.end + length <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.end + length, this.buffer.length * 2));
    this.buffer.copy(grown, 0, 0, this.end);
    this.buffer = grown;
  }

  byte(value: number): void {
    this.reserve(1);
    this.buffer[this.end++] = value;
  }

  /** Text whose characters are all below 128. */
  ascii(text: string): void {
    const { length } = text;
    this.reserve(length);
    // A call into the platform costs more than the loop for short texts; measured on Node 26, they are even at about 20.
    if (length > 20) this.end += this.buffer.write(text, this.end, length, 'latin1');
    else for (let index = 0; index < length; index++) this.buffer[this.end++] = text.charCodeAt(index);
  }

  utf8(text: string): void {
    // UTF-8 takes at most three bytes per UTF-16 unit.
    this.reserve(text.length * 3);
    this.end += this.buffer.write(text, this.end, 'utf8');
  }

  bytes(): Buffer {
    return this.buffer.subarray(0, this.end);
  }
}

/** Enough for most answers that hold no records. */
export const answerBytes = 1024;
