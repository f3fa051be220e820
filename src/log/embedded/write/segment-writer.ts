import { strict as assert } from 'node:assert';
import type { Epoch } from '../format/epoch.ts';
import { encodeTrailer } from '../format/footer.ts';
import { encodeFrame, type FramePlace, frameHeaderBytes, frameKinds, HeaderWriter } from '../format/frame.ts';
import { layOutRound, type NewFrame } from './round.ts';

/**
 * What the next frame needs of those before it: the last one's header CRC, and its own sequence. Footers are
 * no part of the chain.
 */
export type Link = { readonly chain: number; readonly sequence: number };

/** The link of a stream's first frame. */
export const firstLink: Link = { chain: 0, sequence: 0 };

/**
 * Where a segment's bytes go. Once `write` resolves the bytes are durable; when it rejects none of them is
 * there.
 */
export interface SegmentFile {
  write(buffers: readonly Buffer[], position: number): Promise<void>;
}

/** Writes frames at the end of a segment, each tied to the one before it. */
export class SegmentWriter {
  readonly #file: SegmentFile;
  readonly #epoch: Epoch;
  readonly #headers: HeaderWriter;
  #link: Link;
  #end: number;

  /** Goes on from `end`, before which everything is durable. */
  constructor(file: SegmentFile, epoch: Epoch, link: Link, end: number) {
    this.#file = file;
    this.#epoch = epoch;
    this.#headers = new HeaderWriter(epoch);
    this.#link = link;
    this.#end = end;
  }

  get link(): Link {
    return this.#link;
  }

  get end(): number {
    return this.#end;
  }

  /** Resolves once all of the frames are durable. When it rejects, none of them is there. */
  async append(frames: readonly NewFrame[]): Promise<void> {
    const { buffers, link } = layOutRound(this.#headers, frames, this.#place());
    await this.#file.write(buffers, this.#end);
    assert(link.sequence === this.#link.sequence + frames.length);
    this.#link = link;
    for (const { payloadBytes } of frames) this.#end += frameHeaderBytes + payloadBytes;
  }

  /** Writes the footer, of so many shards, and the trailer that leads to it: nothing may follow. */
  async finish(footer: Buffer, shards: number): Promise<void> {
    const content = { kind: frameKinds.footer, shard: 0, count: shards, first: 0, arrival: 0 };
    const header = encodeFrame(content, footer, this.#place());
    await this.#file.write([header, footer, encodeTrailer(this.#end)], this.#end);
    this.#link = { chain: this.#link.chain, sequence: this.#link.sequence + 1 };
  }

  /** The place of the next frame: all before it is durable. */
  #place(): FramePlace {
    return { epoch: this.#epoch, ...this.#link, watermark: this.#end };
  }
}
