import type { Duty } from '../cluster/members.ts';
import type { Clock, Millis } from '../env/clock.ts';
import { detached, unthinkable } from '../env/detached.ts';
import type { Logger } from '../env/logger.ts';
import type { Journal } from '../journal/journal.ts';
import { type Background, runInBackground, type Tick } from '../stream/background.ts';

type World = {
  readonly clock: Clock;
  readonly logger: Logger;
  /** What tells of work that another server has begun. */
  readonly news: readonly (Pick<Journal<unknown, unknown>, 'changed'> | Pick<Duty, 'changed'>)[];
};

/** Ticks that one server does for all, and the duty to do so. */
export type DutyTicks = { readonly duty: Duty; readonly ticks: readonly Tick[] };

/**
 * Runs ticks while this server has the duty for them, at once when it comes to have it, and when there is
 * news. What it still does when the duty has just gone to another one must do no harm.
 */
export function runOnDuty(work: readonly DutyTicks[], { clock, logger, news }: World): Background {
  const ticks = work.flatMap(({ duty, ticks }) => ticks.map((tick) => whileOurs(duty, tick)));
  const background = runInBackground(ticks, clock, logger);
  const stopped = new AbortController();
  const wakeAt = async ({ changed }: World['news'][number]) => {
    while (!stopped.signal.aborted) {
      await changed(stopped.signal);
      background.nudge();
    }
  };
  for (const each of [...news, ...work.map(({ duty }) => duty)]) {
    detached(wakeAt({ changed: (signal) => each.changed(signal) }), unthinkable);
  }
  return {
    nudge: () => background.nudge(),
    async stop() {
      stopped.abort();
      await background.stop();
    },
  };
}

/** A lease that was over for a moment comes back without news. */
function whileOurs(duty: Duty, tick: Tick): Tick {
  return async () => (duty.isOurs() ? await tick() : lookAgainMs);
}

const lookAgainMs: Millis = 5_000;
