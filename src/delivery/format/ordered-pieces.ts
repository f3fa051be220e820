import { detached } from '../../env/detached.ts';
import { giveBack } from '../../env/discard.ts';
import type { Compressor } from './compressor.ts';

/** A stream that is made of pieces, each of which is compressed by itself, and of what is around them. */
export type PieceFormat = {
  /** Answers what stands for a piece in the stream. */
  readonly compress: (piece: Buffer) => Promise<Buffer> | Buffer;
  readonly head?: (sizes: PieceSizes) => Buffer;
  readonly tail?: (sizes: PieceSizes) => Buffer;
};

/** Bytes of all pieces, before they were compressed and after it. */
export type PieceSizes = { readonly raw: number; readonly compressed: number };

/**
 * Compresses some pieces at a time, by the platform's threads, and keeps their order. The memory of a piece
 * is given back once it is compressed.
 */
export function openOrderedPieces(format: PieceFormat): Compressor {
  const done: Promise<Buffer>[] = [];
  const sizes = { raw: 0, compressed: 0 };
  let waitingBytes = 0;

  async function compressed(piece: Buffer): Promise<Buffer> {
    const { length } = piece;
    const bytes = await format.compress(piece);
    waitingBytes -= length;
    if (bytes.buffer !== piece.buffer) giveBack([piece]);
    sizes.compressed += bytes.length;
    return bytes;
  }

  return {
    async add(piece) {
      sizes.raw += piece.length;
      waitingBytes += piece.length;
      const work = compressed(piece);
      // `finish` rejects with it; until then nobody may be waiting for this piece.
      detached(work, () => {});
      done.push(work);
      await done.at(-atOnceMax);
    },
    get heldBytes() {
      return sizes.compressed + 2 * waitingBytes;
    },
    async finish() {
      const bytes = await Promise.all(done);
      const around = { head: format.head?.(sizes), tail: format.tail?.(sizes) };
      return [around.head, ...bytes, around.tail].filter((part) => part !== undefined);
    },
  };
}

/** Enough to keep two threads busy. */
const atOnceMax = 3;
