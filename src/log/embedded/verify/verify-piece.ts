import type { File } from '../../../env/disk.ts';
import { type Frame, type FrameSource, frameHeaderBytes } from '../format/frame.ts';
import { frameAt, nextFrame } from '../read/frame-search.ts';
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
    const piece = await pieceAt(window, source, position, end);
    yield piece;
    position = piece.end;
  }
}

/** Where no header is whole, all up to the next that is. */
async function pieceAt(
  window: ReadAhead,
  source: FrameSource,
  position: number,
  end: number,
): Promise<Piece> {
  const found = await frameAt(window, position, source);
  if (found === undefined) {
    const next = await nextFrame(window, position + 1, source, () => true);
    return { position, end: next ?? end, frame: undefined, payload: undefined };
  }
  const { frame, payload } = found;
  return { position, end: Math.min(position + frameHeaderBytes + frame.payloadBytes, end), frame, payload };
}

const stepBytes = 1024 * 1024;
