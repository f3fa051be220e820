import { readFileSync } from 'node:fs';

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

/** How many files this process may have open (getrlimit(2), RLIMIT_NOFILE); undefined where the system does not say. */
export function openFilesLimit(): number | undefined {
  const limit = process.platform === 'linux' ? limitOfProc() : limitOfReport();
  return Number.isSafeInteger(limit) ? limit : undefined;
}

function limitOfProc(): number {
  try {
    return Number(/^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1]);
  } catch {
    return Number.NaN; // There need not be a /proc.
  }
}

/** Takes milliseconds, because it says much else, too. */
function limitOfReport(): number {
  const { userLimits } = process.report.getReport() as { userLimits?: { open_files?: { soft?: unknown } } };
  return Number(userLimits?.open_files?.soft);
}
