import type { Clock, Millis } from '../env/clock.ts';
import type { Env } from '../env/env.ts';
import { type Engine, type ShardKey, UnavailableError } from '../log/log.ts';
import type { FollowedJournal } from './journal.ts';

/** A journal that is kept up to date until it is let go. */
export interface Following extends AsyncDisposable {
  /** Resolves when nothing is followed any more. Never rejects. */
  readonly ended: Promise<void>;
}

type FollowWorld = Pick<Env, 'panic'> & { readonly clock: Pick<Clock, 'sleep'> };

/**
 * Reads on whenever the journal's log grows: what other processes commit shows, those who wait for a change
 * wake, and followers are told, all in the order of the log. What cannot be understood ends the process and
 * is never skipped: a state without it would not be what the others have. While the log does not answer, it
 * is asked again.
 */
export function followJournal<State, Edit>(
  journal: FollowedJournal<State, Edit>,
  engine: Pick<Engine, 'grown'>,
  key: ShardKey,
  world: FollowWorld,
): Following {
  const stop = new AbortController();
  const ended = follow(journal, engine, key, world, stop.signal);
  const dispose = async () => {
    stop.abort();
    await ended;
  };
  return { ended, [Symbol.asyncDispose]: dispose };
}

async function follow<State, Edit>(
  journal: FollowedJournal<State, Edit>,
  engine: Pick<Engine, 'grown'>,
  key: ShardKey,
  { clock, panic }: FollowWorld,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    // It ends a log that was closed or dropped, too: then reading on says why.
    const { next } = journal;
    await engine.grown(key, next, signal);
    if (signal.aborted) return;
    try {
      await journal.current();
      // What is there and cannot be read is not asked for in a circle.
      if (journal.next === next) await clock.sleep(askAgainMs, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof UnavailableError)) {
        panic(`the journal of the ${key.stream} cannot be followed`, error);
        return;
      }
      await clock.sleep(askAgainMs, signal);
    }
  }
}

const askAgainMs: Millis = 500;
