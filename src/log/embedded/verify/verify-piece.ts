import { crc32 } from 'node:zlib';
import type { File } from '../../../env/disk.ts';
import { decodeFrame, type Frame, type FrameSource, frameHeaderBytes, frameMagic } from '../format/frame.ts';
import { ReadAhead } from '../read/read-ahead.ts';

/** A stretch of a segment: a whole frame, or bytes that are none. */
export type Piece = {
  readonly position: number;
  readonly end: number;
  /** What the header says, when it is whole. */
  readonly frame: Frame | undefined;
  /** When it is whole as well; valid until the next piece is asked for. */
  readonly payload: Buffer | undefined;
};

/** All of a segment between two positions, in order, also what lies behind damage. */
export async function* piecesOf(
  file: File,
  source: FrameSource,
  from: number,
  end: number,
): AsyncGenerator<Piece> {
  const window = new ReadAhead(file, end, stepBytes);
  for (let position = from; position < end; ) {
    const piece =
      (await pieceAt(window, source, position, end)) ?? (await brokenPiece(window, source, position, end));
    yield piece;
    position = piece.end;
  }
}

/** The piece whose header is whole. */
async function pieceAt(
  window: ReadAhead,
  source: FrameSource,
  position: number,
  end: number,
): Promise<Piece | undefined> {
  if (!(await reach(window, position, frameHeaderBytes))) return undefined;
  const frame = decodeFrame(window.bytes, window.at(position), source);
  if (frame === undefined) return undefined;
  const begin = position + frameHeaderBytes;
  if (!(await reach(window, begin, frame.payloadBytes))) return { position, end, frame, payload: undefined };
  const at = window.at(begin);
  const payload = window.bytes.subarray(at, at + frame.payloadBytes);
  const isWhole = crc32(payload) === frame.payloadCrc;
  return { position, end: begin + frame.payloadBytes, frame, payload: isWhole ? payload : undefined };
}

/** All up to the next header that is whole. */
async function brokenPiece(
  window: ReadAhead,
  source: FrameSource,
  position: number,
  end: number,
): Promise<Piece> {
  const broken = { position, frame: undefined, payload: undefined };
  for (let from = position + 1; await window.load(from, frameHeaderBytes); ) {
    const { bytes } = window;
    for (let at = bytes.indexOf(magicBytes); at !== -1; at = bytes.indexOf(magicBytes, at + 1)) {
      if (decodeFrame(bytes, at, source) !== undefined) return { ...broken, end: from + at };
    }
    from += bytes.length - frameHeaderBytes + 1;
  }
  return { ...broken, end };
}

async function reach(window: ReadAhead, position: number, length: number): Promise<boolean> {
  return window.holds(position, length) || window.load(position, length);
}

const stepBytes = 1024 * 1024;
const magicBytes = Buffer.alloc(4);
magicBytes.writeUInt32BE(frameMagic);
