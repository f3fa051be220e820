import { type Frame, frameKinds } from '../format/frame.ts';
import type { Link } from '../write/segment-writer.ts';
import type { Piece } from './verify-piece.ts';

/** A whole frame in its place: the chain of those before leads to it, or it is the first behind damage. */
export type WholeFrame = { readonly position: number; readonly frame: Frame; readonly payload: Buffer };

/** What a piece is found to be. */
export type Verdict =
  | { readonly kind: 'whole'; readonly whole: WholeFrame }
  /** The frame was there, in its place; its payload is not what it was. */
  | { readonly kind: 'payload'; readonly frame: Frame }
  | { readonly kind: 'broken' }
  /** Whole, but of another place or another time. */
  | { readonly kind: 'misplaced' };

/**
 * Follows the chain of a stream's frames. Behind damage it takes up the thread with the next whole frame of a
 * later sequence.
 */
export class Chain {
  /** What the next frame needs. */
  link: Link;
  /** True when it is unknown what stood between the last frame and here. */
  isTorn: boolean;

  constructor(link: Link, isTorn: boolean) {
    this.link = link;
    this.isTorn = isTorn;
  }

  judge({ position, frame, payload }: Piece): Verdict {
    if (frame === undefined) {
      this.isTorn = true;
      return { kind: 'broken' };
    }
    if (!this.#isNext(frame)) {
      this.isTorn = true;
      return { kind: 'misplaced' };
    }
    // A footer is no part of the chain: its own link is what the next segment goes on from.
    if (frame.kind !== frameKinds.footer) this.link = { chain: frame.crc, sequence: frame.sequence + 1 };
    this.isTorn = false;
    if (payload === undefined) return { kind: 'payload', frame };
    return { kind: 'whole', whole: { position, frame, payload } };
  }

  #isNext({ chain, sequence }: Frame): boolean {
    if (this.isTorn) return sequence >= this.link.sequence;
    return chain === this.link.chain && sequence === this.link.sequence;
  }
}
