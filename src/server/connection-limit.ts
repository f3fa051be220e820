/**
 * How many connections may be open, so that the log always finds a file descriptor: without one it could not make
 * durable what it has written, and the process would have to end. `filesMax` is the process's limit, where it is known.
 */
export function connectionLimit(filesMax: number | undefined): number {
  if (filesMax === undefined) return connectionsMax;
  return Math.min(connectionsMax, Math.max(filesMax - filesKept, Math.floor(filesMax / 8)));
}

/** Enough for a few thousand consumers. */
const connectionsMax = 10_000;

/** Both logs keep up to 128 files open; the process has about 30 of its own, and some pass by. */
const filesKept = 2 * 128 + 64;

/** Fewer connections than this are worth a word when the server starts. */
export const connectionsFew = 1_000;
