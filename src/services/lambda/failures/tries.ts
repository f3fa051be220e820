import type { Clock, Millis } from '../../../env/clock.ts';
import { growingPause } from '../../../env/growing-pause.ts';
import { ObjectStoreError } from '../../../env/object-store.ts';
import type { Random } from '../../../env/random.ts';

/** Why a destination did not take something, in one line. `passes` where trying again may help. */
export class DestinationError extends Error {
  override readonly name = 'DestinationError';
  readonly passes: boolean;

  constructor(message: string, passes = false) {
    super(message.replace(/\s+/g, ' ').trim().slice(0, messageCharactersMax));
    this.passes = passes;
  }
}

/** Somebody else's words are in it, which go into logs and lists. */
const messageCharactersMax = 500;

/**
 * Tries until it works, `triesMax` times, with pauses that double. Rejects with the last `DestinationError`,
 * with that of a refusal that trying again does not change, or with the signal's reason.
 */
export async function trySeveralTimes(
  { clock, random }: { readonly clock: Clock; readonly random: Random },
  send: (signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  for (let nth = 1; ; nth++) {
    signal.throwIfAborted();
    try {
      return await send(signal);
    } catch (error) {
      signal.throwIfAborted();
      const known = destinationErrorOf(error);
      if (!known.passes || nth === triesMax) throw known;
    }
    await clock.sleep(growingPause(nth, random, { firstMs: firstPauseMs }), signal);
  }
}

/** Our own mistakes go on. */
function destinationErrorOf(error: unknown): DestinationError {
  if (error instanceof DestinationError) return error;
  if (error instanceof ObjectStoreError) return new DestinationError(error.message, error.passes);
  throw error;
}

export const triesMax = 4;
const firstPauseMs: Millis = 200;
