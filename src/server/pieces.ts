import { pipeline, Readable, type Writable } from 'node:stream';
import type { HttpResponse } from '../env/network.ts';

type Body = HttpResponse['body'];
/** A body that comes piece by piece. */
export type Pieces = Extract<Body, AsyncIterable<Uint8Array>>;

/** Whether a body comes piece by piece. */
export function isPieces(body: Body): body is Pieces {
  return typeof body === 'object' && Symbol.asyncIterator in body;
}

/** How many bytes a body has that is there as a whole. */
export function lengthOf(body: Exclude<Body, Pieces>): number {
  return isList(body) ? body.reduce((sum, { length }) => sum + length, 0) : Buffer.byteLength(body);
}

/** Sends a body that is there as a whole, and ends the answer. */
export function sendWhole(body: Exclude<Body, Pieces>, out: Writable): void {
  if (!isList(body)) {
    out.end(body);
    return;
  }
  out.cork();
  writeWhole(body, out);
  out.end();
}

/** Writes a body that is there as a whole. Corked, the system is called once for all its parts. */
export function writeWhole(body: Exclude<Body, Pieces>, out: Writable): void {
  if (!isList(body)) out.write(body);
  else for (const piece of body) out.write(piece);
}

function isList(body: Body): body is readonly Buffer[] {
  return Array.isArray(body);
}

/** Sends pieces as the client takes them, one ahead of it, and ends the answer; tells the source when the client goes away. */
export function sendPieces(body: Pieces, out: Writable): void {
  const pieces = Readable.from(body, { objectMode: true, highWaterMark: 1 });
  // The one error there is: the client went away, and the source was told.
  pipeline(pieces, out, () => {});
}
