import type { Clock, Millis } from '../../env/clock.ts';
import { detached, unthinkable } from '../../env/detached.ts';
import type { Env } from '../../env/env.ts';
import { ObjectStoreError } from '../../env/object-store.ts';
import { StartError } from '../../env/start-error.ts';
import { Archiver } from '../../log/embedded/archive/archiver.ts';
import { Generations } from '../../log/embedded/archive/generations.ts';
import type { EmbeddedEngine } from '../../log/embedded/embedded-log.ts';
import { runInBackground } from '../../stream/background.ts';

/** What is archived: segments of records, and how the other logs were at one moment. */
export type ArchivedEngines = {
  readonly records: EmbeddedEngine;
  readonly control: EmbeddedEngine;
  readonly services: EmbeddedEngine;
};

/** Archiving that is under way. */
export interface Archiving {
  /** Ends what is under way; what is half done is done by the next start. */
  close(): Promise<void>;
}

type World = Pick<Env, 'clock' | 'disk' | 'logger'>;

/**
 * Takes the archive and then moves to it what is old, over and over. A store that does not answer in time is
 * asked later; rejects with `StartError` when it refuses, or when the archive is another's.
 */
export async function runArchive(engines: ArchivedEngines, world: World): Promise<Archiving> {
  const archiver = new Archiver(engines.records.parts);
  await takeNow(archiver, world);
  const ended = new AbortController();
  const generations = new Generations(archiver.store, { ...world, owner: archiver.owner });
  const pass = async () => {
    await archiver.pass(() => engines.records.streams(), ended.signal);
    await generations.pass([engines.services, engines.control], ended.signal);
  };
  const everyMs = Math.min(Math.max(archiver.afterMs / 4, 1_000), 60_000);
  const tick = passTick(pass, everyMs, ended.signal, world);
  const background = runInBackground([tick], world.clock, world.logger);
  return {
    async close() {
      ended.abort(new Error('The server ends.'));
      await background.stop();
    },
  };
}

function passTick(
  pass: () => Promise<void>,
  everyMs: Millis,
  ended: AbortSignal,
  { logger }: World,
): () => Promise<Millis | undefined> {
  return async () => {
    try {
      await pass();
    } catch (error) {
      if (ended.aborted) return undefined;
      if (!(error instanceof ObjectStoreError || error instanceof StartError)) throw error;
      logger.warn('nothing is archived for now, will try again', { error });
    }
    return everyMs;
  };
}

async function takeNow(archiver: Archiver, { clock, logger }: World): Promise<void> {
  const late = new AbortController();
  const taken = new AbortController();
  detached(endAfter(clock, taken.signal, late), unthinkable);
  try {
    await archiver.owner.take(late.signal);
  } catch (error) {
    if (error instanceof ObjectStoreError && !error.passes) {
      throw new StartError(`the archive cannot be used: ${error.message}`, { cause: error });
    }
    if (!(error instanceof ObjectStoreError || late.signal.aborted)) throw error;
    logger.warn('the archive does not answer, will try again', { error });
  } finally {
    taken.abort();
  }
}

async function endAfter(clock: Clock, taken: AbortSignal, late: AbortController): Promise<void> {
  await clock.sleep(takeMsMax, taken);
  if (!taken.aborted) late.abort(new ObjectStoreError('no answer in time', 'Unreachable', true));
}

/** A start is not held up for long by a store that does not answer. */
const takeMsMax: Millis = 5_000;
