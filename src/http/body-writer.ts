import type { HttpResponse } from '../env/network.ts';

type Body = HttpResponse['body'];
/** A body that comes piece by piece. */
export type BodyStream = Extract<Body, AsyncIterable<Uint8Array>>;
/** A complete body. */
export type Whole = Exclude<Body, BodyStream>;

/** Whether a body comes piece by piece. */
export function isBodyStream(body: Body): body is BodyStream {
  return typeof body === 'object' && Symbol.asyncIterator in body;
}

/** The length of a complete body in bytes. */
export function lengthOf(body: Whole): number {
  return isList(body) ? body.reduce((sum, { length }) => sum + length, 0) : Buffer.byteLength(body);
}

/** A complete body as buffers. */
export function partsOf(body: Whole): readonly Buffer[] {
  if (isList(body)) return body;
  return [typeof body === 'string' ? Buffer.from(body) : body];
}

function isList(body: Body): body is readonly Buffer[] {
  return Array.isArray(body);
}

/**
 * Cuts parts into slices of at most `bytesMax` bytes, each a list of parts, without copying. Answers at least
 * one slice.
 */
export function slicesOf(parts: readonly Buffer[], bytesMax: number): Buffer[][] {
  let slice: Buffer[] = [];
  const slices = [slice];
  let room = bytesMax;
  for (const part of parts) {
    for (let from = 0; from < part.length; ) {
      if (room === 0) {
        slice = [];
        slices.push(slice);
        room = bytesMax;
      }
      const piece = part.subarray(from, from + room);
      slice.push(piece);
      from += piece.length;
      room -= piece.length;
    }
  }
  return slices;
}
