import { plainValue } from './plain-reader.ts';
import { plainPieces } from './plain-writer.ts';

/**
 * A message as it crosses:
 *
 *   u32 length of what follows | plain data as CBOR
 *
 * Its bytes as pieces, see `plainPieces`. Throws a RangeError for one that is too long for the other end.
 */
export function framePieces(message: unknown): {
  readonly pieces: readonly Buffer[];
  readonly bytes: number;
} {
  const pieces = plainPieces(message);
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (length > frameBytesMax) throw new RangeError(`a message of ${length} bytes is too long`);
  const head = Buffer.alloc(headBytes);
  head.writeUInt32BE(length);
  return { pieces: [head, ...pieces], bytes: headBytes + length };
}

/** Puts messages together again from the pieces of a connection. */
export class FrameReader {
  readonly #head = Buffer.alloc(headBytes);
  #headFilled = 0;
  #body: Buffer | undefined;
  #bodyFilled = 0;

  /**
   * Hands on the messages that end in a piece. Throws a RangeError for one that is too long, before it is
   * kept, and a TypeError for what is no message.
   */
  read(piece: Buffer, receive: (message: unknown) => void): void {
    for (let at = 0; at < piece.length; ) {
      at += this.#body === undefined ? this.#fillHead(piece, at) : this.#fillBody(piece, at, this.#body);
      if (this.#body === undefined || this.#bodyFilled < this.#body.length) continue;
      const body = this.#body;
      this.#body = undefined;
      receive(plainValue(body));
    }
  }

  #fillHead(piece: Buffer, at: number): number {
    const copied = piece.copy(this.#head, this.#headFilled, at);
    this.#headFilled += copied;
    if (this.#headFilled < headBytes) return copied;
    const length = this.#head.readUInt32BE();
    if (length > frameBytesMax) throw new RangeError(`a message of ${length} bytes is too long`);
    this.#headFilled = 0;
    // Memory of its own: parts of it may be kept, or handed over.
    this.#body = Buffer.allocUnsafeSlow(length);
    this.#bodyFilled = 0;
    return copied;
  }

  #fillBody(piece: Buffer, at: number, body: Buffer): number {
    const copied = piece.copy(body, this.#bodyFilled, at);
    this.#bodyFilled += copied;
    return copied;
  }
}

const headBytes = 4;

/**
 * What is posted at once is 16 MiB (`BatchedPort`) and what came last, which is a page of records: 10 MiB,
 * and a batch of as much that reaches beyond it.
 */
export const frameBytesMax = 64 * 1024 * 1024;
