import type { Clock } from '../env/clock.ts';
import { isRefusedBySystem, SyncError } from '../env/disk.ts';
import { growingPause } from '../env/growing-pause.ts';
import { ObjectStoreError } from '../env/object-store.ts';
import type { Random } from '../env/random.ts';

/**
 * Tries until it works, `triesMax` times, with pauses that double from 200 ms on. Rejects with the last
 * `ObjectStoreError`, with that of a refusal that trying again does not change, or with the signal's reason.
 */
export async function tryAgain<T>(
  { clock, random, triesMax }: Tries,
  attempt: (nth: number) => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  for (let nth = 1; ; nth++) {
    signal?.throwIfAborted();
    try {
      return await attempt(nth);
    } catch (error) {
      signal?.throwIfAborted();
      const known = storeErrorOf(error);
      if (!known.passes || nth >= triesMax) throw known;
    }
    await clock.sleep(growingPause(nth, random, { firstMs: 200 }), signal);
  }
}

export type Tries = { readonly clock: Clock; readonly random: Random; readonly triesMax: number };

/** Our own mistakes go on. */
function storeErrorOf(error: unknown): ObjectStoreError {
  if (error instanceof ObjectStoreError) return error;
  // What a disk could not make durable, it may the next time.
  if (error instanceof SyncError) return new ObjectStoreError(error.message, 'InternalError', true);
  if (!isRefusedBySystem(error)) throw error;
  const code = refusals[error.code ?? ''];
  return new ObjectStoreError(error.message, code ?? 'InternalError', code === undefined);
}

/** What a disk refuses however often it is asked. Everything else passes, as far as it is known. */
const refusals: Readonly<Record<string, string>> = {
  EACCES: 'AccessDenied',
  EPERM: 'AccessDenied',
  EROFS: 'AccessDenied',
  ENAMETOOLONG: 'KeyTooLongError',
  // An object cannot be a file where others are in a folder of its name, nor in a folder that is a file.
  EEXIST: 'InvalidArgument',
  EISDIR: 'InvalidArgument',
  ENOTDIR: 'InvalidArgument',
};
