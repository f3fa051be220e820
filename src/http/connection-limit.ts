import type { Socket } from 'node:net';
import type { Logger } from '../env/logger.ts';
import { openFilesLimit } from '../env/node-open-files.ts';

/** How many connections this process may have open. Logs a warning when they are few. */
export function connectionsAllowed(logger: Logger): number {
  const connections = connectionLimit(openFilesLimit());
  if (connections < connectionsFew) {
    const text =
      'Few connections can be open at once, because few files may be: raise the limit (ulimit -n).';
    logger.warn(text, { connectionsMax: connections });
  }
  return connections;
}

/**
 * How many connections may be open, so that the log always finds a file descriptor: without one it could not
 * make durable what it has written, and the process would have to end. `filesMax` is the process's limit,
 * where it is known.
 */
export function connectionLimit(filesMax: number | undefined): number {
  if (filesMax === undefined) return connectionsMax;
  return Math.min(connectionsMax, Math.max(filesMax - filesKept, Math.floor(filesMax / 8)));
}

/** Counts the connections that are open, of all listeners that share the count. */
export class OpenConnections {
  readonly #open: Int32Array;
  readonly #max: number;
  /** Those of this listener. */
  own = 0;

  /** `open` holds how many there are in its first element. */
  constructor(open: Int32Array, max: number) {
    this.#open = open;
    this.#max = max;
  }

  /** Counts a connection until it closes. Above the limit it is closed at once, and the answer is false. */
  take(socket: Socket): boolean {
    if (Atomics.add(this.#open, 0, 1) >= this.#max) {
      Atomics.sub(this.#open, 0, 1);
      socket.destroy();
      return false;
    }
    this.own += 1;
    socket.once('close', () => {
      this.own -= 1;
      Atomics.sub(this.#open, 0, 1);
    });
    return true;
  }
}

/** Enough for a few thousand consumers. */
const connectionsMax = 10_000;

/** Both logs keep up to 128 files open; the process has about 30 of its own, and opens some for a moment. */
const filesKept = 2 * 128 + 64;

/** Fewer connections than this are worth a warning when the server starts. */
const connectionsFew = 1_000;
