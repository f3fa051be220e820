import type { Clock } from '../../src/env/clock.ts';
import { ManualClock } from '../services/kinesis/manual-clock.ts';

/** A clock whose pauses are over at once, and written down; patience with an answer ends with the answer. */
export function hurriedClock(): Clock & { readonly pauses: number[] } {
  const pauses: number[] = [];
  return Object.assign(new ManualClock(), {
    pauses,
    turn: async () => {},
    async sleep(delay: number, signal?: AbortSignal) {
      if (delay >= 10_000) {
        return await new Promise<void>((end) => signal!.addEventListener('abort', () => end()));
      }
      pauses.push(delay);
    },
  });
}
