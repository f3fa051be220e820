import type { Placement } from './placement.ts';

/** Where there is only one server, it runs all. */
export const placedHere: Placement = {
  hold: () => ({
    isOurs: () => true,
    term: 1,
    isToMove: () => false,
    handOver() {},
    async changed(signal) {
      if (signal.aborted) return;
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    },
    [Symbol.dispose]() {},
  }),
};
