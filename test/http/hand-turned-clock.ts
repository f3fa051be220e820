import type { Clock } from '../../src/env/clock.ts';

/** A clock that moves when a test says so. Every sleeper is woken then, early or not, and looks again. */
export function handTurnedClock() {
  let now = 0;
  const wakes = new Set<() => void>();
  const clock: Clock = {
    now: () => now,
    monotonic: () => now,
    turn: () => new Promise((resolve) => setImmediate(resolve)),
    sleep: (_delay, signal) =>
      new Promise((resolve) => {
        const wake = () => {
          wakes.delete(wake);
          resolve();
        };
        wakes.add(wake);
        signal?.addEventListener('abort', wake);
      }),
  };
  const advance = async (by: number) => {
    now += by;
    for (const wake of wakes) wake();
    await new Promise(setImmediate);
  };
  return { clock, advance, sleeping: () => wakes.size };
}
