import type { Compressor } from './compressor.ts';

/** A stream that is made of pieces, each of which is compressed by itself, and of what is around them. */
export type PieceFormat = {
  readonly head: readonly Buffer[];
  /** Answers what stands for a piece in the stream. */
  readonly compress: (piece: Buffer) => Promise<Buffer> | Buffer;
  /** What is behind the pieces; `size` is the bytes of all of them, before and after. */
  readonly tail: (size: PieceSizes) => readonly Buffer[];
};

export type PieceSizes = { readonly raw: number; readonly compressed: number };

/** Compresses some pieces at a time, by the platform's threads, and keeps their order. */
export function openOrderedPieces(format: PieceFormat): Compressor {
  const done: Promise<Buffer>[] = [];
  const sizes = { raw: 0, compressed: 0 };
  let waitingBytes = 0;

  async function compressed(piece: Buffer): Promise<Buffer> {
    const bytes = await format.compress(piece);
    waitingBytes -= piece.length;
    sizes.compressed += bytes.length;
    return bytes;
  }

  return {
    async add(piece) {
      sizes.raw += piece.length;
      waitingBytes += piece.length;
      done.push(compressed(piece));
      await done.at(-atOnceMax);
    },
    get heldBytes() {
      return sizes.compressed + 2 * waitingBytes;
    },
    async finish() {
      const bytes = await Promise.all(done);
      return [...format.head, ...bytes, ...format.tail(sizes)];
    },
  };
}

/** Enough to keep two threads busy. */
const atOnceMax = 3;
