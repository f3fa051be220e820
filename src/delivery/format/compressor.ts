/**
 * Makes one compressed stream of many pieces. What it was given is not held longer than it takes to compress
 * it.
 */
export interface Compressor {
  /** Takes a piece, which is the compressor's from now on. Resolves when it may be given the next one. */
  add(piece: Buffer): Promise<void>;
  /** Bytes of memory: what is compressed, and what is about to be. */
  readonly heldBytes: number;
  /** All of the stream. Nothing is added any more. */
  finish(): Promise<readonly Buffer[]>;
}
