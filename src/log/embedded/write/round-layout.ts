import { strict as assert } from 'node:assert';
import { crc32 } from 'node:zlib';
import type { WrappedKey } from '../../data-keys.ts';
import {
  type FrameContent,
  type FramePlace,
  frameHeaderBytes,
  type HeaderWriter,
  readsBack,
} from '../format/frame.ts';
import type { Link } from './segment-writer.ts';

/** A frame on its way to the disk. */
export type NewFrame = FrameContent & {
  /** One after the other. */
  readonly payload: readonly Buffer[];
  readonly payloadBytes: number;
  /** What the payload is encrypted with. */
  readonly key?: WrappedKey | undefined;
};

/** The bytes of a round, as they go to the disk. */
type RoundLayout = {
  /** One after the other. */
  readonly buffers: readonly Buffer[];
  /** The link of the frame after them. */
  readonly link: Link;
};

/**
 * Lays out the frames of a round. Headers and small batches go into one buffer, because the system takes one
 * large buffer for less than many small ones; large batches are not copied.
 */
export function layOutRound(
  headers: HeaderWriter,
  frames: readonly NewFrame[],
  begin: FramePlace,
): RoundLayout {
  const slab = Buffer.allocUnsafeSlow(frames.reduce((sum, frame) => sum + slabBytes(frame), 0));
  const view = new DataView(slab.buffer);
  const buffers: Buffer[] = [];
  const place = { ...begin };
  let from = 0;
  let at = 0;
  for (const frame of frames) {
    const { payload, payloadBytes } = frame;
    const payloadCrc = crcOf(payload);
    const crc = headers.write(slab, at, frame, { payloadBytes, payloadCrc }, place);
    assert(readsBack(view, at, frame, payloadBytes, place));
    place.chain = crc;
    place.sequence += 1;
    at += frameHeaderBytes;
    if (copies(frame)) {
      at = copy(payload, slab, at);
    } else {
      buffers.push(slab.subarray(from, at), ...payload);
      from = at;
    }
  }
  assert(at === slab.length);
  if (from < at) buffers.push(slab.subarray(from, at));
  const { chain, sequence } = place;
  return { buffers, link: { chain, sequence } };
}

function crcOf(payload: readonly Buffer[]): number {
  let crc = 0;
  for (const bytes of payload) crc = crc32(bytes, crc);
  return crc;
}

function copy(payload: readonly Buffer[], into: Buffer, at: number): number {
  for (const bytes of payload) {
    into.set(bytes, at);
    at += bytes.length;
  }
  return at;
}

function slabBytes(frame: NewFrame): number {
  return frameHeaderBytes + (copies(frame) ? frame.payloadBytes : 0);
}

function copies({ payload, payloadBytes }: NewFrame): boolean {
  return payloadBytes <= copiedBytesMax * payload.length;
}

/** Batches of this size are as cheap to hand over as to copy. */
const copiedBytesMax = 16 * 1024;
