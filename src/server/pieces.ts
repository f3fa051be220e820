import { pipeline, Readable, type Writable } from 'node:stream';
import type { HttpResponse } from '../env/network.ts';

type Body = HttpResponse['body'];
type Pieces = Extract<Body, AsyncIterable<Uint8Array>>;

/** Whether a body comes piece by piece. */
export function isPieces(body: Body): body is Pieces {
  return typeof body === 'object' && Symbol.asyncIterator in body;
}

/** Sends pieces as the client takes them, one ahead of it, and ends the answer; tells the source when the client goes away. */
export function sendPieces(body: Pieces, out: Writable): void {
  const pieces = Readable.from(body, { objectMode: true, highWaterMark: 1 });
  // The one error there is: the client went away, and the source was told.
  pipeline(pieces, out, () => {});
}
