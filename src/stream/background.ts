import type { Clock, Millis } from '../env/clock.ts';
import type { Logger } from '../env/logger.ts';

/** Does what is due. Answers the delay until there is more to do; undefined when there is nothing. */
export type Tick = () => Promise<Millis | undefined>;

/** Runs ticks, one at a time, when they are due or when they are told of news. */
export interface Background {
  /** Runs all ticks soon: there may be something due. */
  nudge(): void;
  /** Resolves when the tick under way has ended; no other starts. */
  stop(): Promise<void>;
}

export function runInBackground(ticks: readonly Tick[], clock: Clock, logger: Logger): Background {
  const stopped = new AbortController();
  let wake = new AbortController();
  let nudged = true;

  const loop = async () => {
    while (!stopped.signal.aborted) {
      nudged = false;
      const delay = await runAll(ticks, logger);
      if (nudged || stopped.signal.aborted) continue;
      wake = new AbortController();
      await clock.sleep(delay, wake.signal);
    }
  };
  const ended = loop();
  return {
    nudge() {
      nudged = true;
      wake.abort();
    },
    async stop() {
      stopped.abort();
      wake.abort();
      await ended;
    },
  };
}

/** Does the work for each item in turn, also when it fails for some; then throws the first failure. */
export async function forEach<Item>(
  items: Iterable<Item>,
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  const failures: unknown[] = [];
  for (const item of items) {
    try {
      await work(item);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

/** Answers when the earliest tick is due again. One that failed is retried: a full disk may get room. */
async function runAll(ticks: readonly Tick[], logger: Logger): Promise<Millis> {
  let next = idleMs;
  for (const tick of ticks) {
    try {
      next = Math.min(next, (await tick()) ?? idleMs);
    } catch (error) {
      logger.error('background work failed, will try again', { error });
      next = Math.min(next, retryMs);
    }
  }
  return next;
}

const idleMs: Millis = 60_000;
const retryMs: Millis = 1_000;
