/** Up to here a loop costs less than calls of the platform. */
export const runUsual = 64;

/** A part of a body, to the end of a run of bytes that `others` does not match. */
export type LongRun = { readonly others: RegExp; readonly start: number; readonly end: number };

/**
 * Where bytes begin that are not of a kind, in a body that may have millions of it in a row. The platform's
 * search is several times as fast as a loop, and at once: a loop is slow until the compiler has seen it run.
 * `others` matches one character that ends the run. Not looked at is what is in a known run, and what is
 * behind `end`.
 */
export function endOfRun(
  body: Buffer,
  from: number,
  others: RegExp,
  {
    end = body.length,
    known = [],
  }: { readonly end?: number; readonly known?: readonly LongRun[] | undefined } = {},
): number {
  let at = from;
  for (let bytes = pieceBytesMin; at < end; bytes = Math.min(bytes * 4, pieceBytesMax)) {
    const run = known.find((run) => run.others === others && run.start <= at && at < run.end);
    if (run !== undefined) return run.end;
    const found = body.toString('latin1', at, Math.min(at + bytes, end)).search(others);
    if (found !== -1) return at + found;
    at += bytes;
  }
  return end;
}

/** Most runs that are not short are not long, either. */
const pieceBytesMin = 256;
/** Fits the processor's cache. */
const pieceBytesMax = 64 * 1024;
