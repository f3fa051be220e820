import {
  decodeFrame,
  type Frame,
  type FrameSource,
  frameHeaderBytes,
  frameMagic,
  isPayload,
} from '../format/frame.ts';
import type { ReadAhead } from './read-ahead.ts';

/** A frame whose header is whole. */
type FoundFrame = {
  readonly frame: Frame;
  /** Undefined when it is not whole; otherwise valid until the window moves on. */
  readonly payload: Buffer | undefined;
};

/** The frame at a position of a file that may be damaged; undefined when its header is not whole. */
export async function frameAt(
  window: ReadAhead,
  position: number,
  source: FrameSource,
): Promise<FoundFrame | undefined> {
  if (!(await window.reach(position, frameHeaderBytes))) return undefined;
  const frame = decodeFrame(window.bytes, window.at(position), source);
  if (frame === undefined) return undefined;
  const { payloadBytes, payloadCrc } = frame;
  const begin = position + frameHeaderBytes;
  if (!(await window.reach(begin, payloadBytes))) return { frame, payload: undefined };
  const at = window.at(begin);
  const payload = window.bytes.subarray(at, at + payloadBytes);
  return { frame, payload: isPayload(payload, payloadBytes, payloadCrc) ? payload : undefined };
}

/** Where the next frame begins, from a position on, that has a whole header and is wanted. */
export async function nextFrame(
  window: ReadAhead,
  from: number,
  source: FrameSource,
  isWanted: (frame: Frame) => boolean,
): Promise<number | undefined> {
  while (await window.load(from, frameHeaderBytes)) {
    const { bytes } = window;
    for (let at = bytes.indexOf(magicBytes); at !== -1; at = bytes.indexOf(magicBytes, at + 1)) {
      const frame = decodeFrame(bytes, at, source);
      if (frame !== undefined && isWanted(frame)) return from + at;
    }
    from += bytes.length - frameHeaderBytes + 1;
  }
  return undefined;
}

const magicBytes = Buffer.alloc(4);
magicBytes.writeUInt32BE(frameMagic);
