import type { Clock, Millis } from '../../src/env/clock.ts';

/** What a cluster needs of time. The simulator's scheduler is one. */
export interface Timeline {
  /** Milliseconds since an arbitrary origin. Never goes back. */
  readonly time: Millis;
  /** Runs `action` once, `delay` from now, unless a signal is aborted before. Never runs it at once. */
  after(delay: Millis, action: () => void, ...signals: readonly AbortSignal[]): void;
}

/** The timeline of a clock, whose sleeps must take their time. What takes none is done within this turn. */
export function timelineOf(clock: Clock): Timeline {
  return {
    get time() {
      return clock.monotonic();
    },
    after(delay, action, ...signals) {
      const signal = signals.length > 1 ? AbortSignal.any([...signals]) : signals[0];
      const act = () => {
        if (!signal?.aborted) action();
      };
      if (delay <= 0) queueMicrotask(act);
      else void clock.sleep(delay, signal).then(act);
    },
  };
}
