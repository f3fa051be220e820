import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

/**
 * Resolves when it is time, not a millisecond later as a timer would: the last stretch is spent looking at
 * the clock.
 */
export async function until(dueMs: number): Promise<void> {
  for (let now = performance.now(); now < dueMs; now = performance.now()) {
    if (dueMs - now > timerMs) await sleep(dueMs - now - timerMs);
    else await nextTurn();
  }
}

/** By so much a timer may be late. */
const timerMs = 2;
