/** Up to here a loop costs less than calls of the platform. */
export const runUsual = 64;

/**
 * Where bytes begin that are not of a kind, in a body that may have millions of it in a row. The platform's search is several times
 * as fast as a loop, and at once: a loop is slow until the compiler has seen it run. `others` matches one character that ends the run.
 */
export function endOfRun(body: Buffer, from: number, others: RegExp): number {
  let at = from;
  for (let bytes = pieceBytesMin; at < body.length; bytes = Math.min(bytes * 4, pieceBytesMax)) {
    const found = body.toString('latin1', at, at + bytes).search(others);
    if (found !== -1) return at + found;
    at += bytes;
  }
  return body.length;
}

/** Most runs that are not short are not long, either. */
const pieceBytesMin = 256;
/** Fits the processor's cache. */
const pieceBytesMax = 64 * 1024;
