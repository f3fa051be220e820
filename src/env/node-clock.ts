import type { Clock, Millis } from './clock.ts';

/** The machine's clocks. */
export const nodeClock: Clock = {
  now: () => Date.now(),
  // `performance.now()` has another origin in each thread.
  monotonic: () => {
    const [seconds, nanoseconds] = process.hrtime();
    return seconds * 1e3 + nanoseconds / 1e6;
  },
  turn: () => new Promise((resolve) => setImmediate(resolve)),
  sleep,
};

function sleep(delay: Millis, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    // Of two looks at the clock the second may already be past the time that is waited for.
    const timer = setTimeout(done, Math.max(delay, 0));
    signal?.addEventListener('abort', done, { once: true });
    function done() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
  });
}
