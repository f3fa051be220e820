import type { Catalog } from '../../../catalog/catalog.ts';
import type { Clock, Millis } from '../../../env/clock.ts';
import type { Tick } from '../../../stream/background.ts';
import type { CodeStore } from '../code/code-store.ts';
import type { FailureStore } from '../failures/failure-store.ts';
import { editsOfMappingGone } from '../state/lambda-edits.ts';
import type { LambdaEdit, LambdaJournal, LambdaState, MappingRecord } from '../state/lambda-state.ts';
import { isPassing, settled } from './mapping-state.ts';

export type LambdaUpkeep = {
  readonly journal: LambdaJournal;
  readonly code: Pick<CodeStore, 'sweep'>;
  readonly failures: Pick<FailureStore, 'tick'>;
  readonly catalog: Pick<Catalog, 'current'>;
  readonly clock: Clock;
  /** How long a mapping is Creating, Enabling, Disabling, Updating or Deleting at least. */
  readonly transitionDelay: Millis;
};

/**
 * Brings mappings to the states that they are on their way to, and forgets those that were deleted, with all
 * that is known of them. Once an hour it forgets what is of no use any more: cursors, code, old failures.
 */
export function lambdaTick(world: LambdaUpkeep): Tick {
  let forgetAt = Number.NEGATIVE_INFINITY;
  return async () => {
    const next = await settle(world);
    const now = world.clock.now();
    if (now >= forgetAt) {
      await forgetPast(world);
      await world.failures.tick();
      await world.code.sweep();
      forgetAt = now + forgetEveryMs;
    }
    return Math.min(next, forgetAt - now);
  };
}

/** Answers in how long the next mapping is due. */
async function settle({ journal, clock, transitionDelay }: LambdaUpkeep): Promise<Millis> {
  const dueIn = ({ modifiedAt }: MappingRecord) => modifiedAt + transitionDelay - clock.now();
  const isDue = (mapping: MappingRecord) => isPassing(mapping) && dueIn(mapping) <= 0;
  if (mappingsIn(journal.state).some(isDue)) {
    await journal.commit((state) =>
      mappingsIn(state)
        .filter(isDue)
        .slice(0, settledMax)
        .flatMap((mapping) => settledEdits(state, mapping, clock.now())),
    );
  }
  const passing = mappingsIn(journal.state).filter(isPassing);
  return Math.max(0, Math.min(...passing.map(dueIn)));
}

/** A commit is not to hold up others for long. */
const settledMax = 100;

function mappingsIn(state: LambdaState): MappingRecord[] {
  return Array.from(state.entries('mapping'), ([, mapping]) => mapping);
}

function settledEdits(state: LambdaState, mapping: MappingRecord, now: Millis): LambdaEdit[] {
  const { uuid } = mapping;
  const value = settled(mapping, now);
  if (value !== undefined) return [{ kind: 'said', of: 'mapping', key: uuid, value }];
  return editsOfMappingGone(state, uuid);
}

/**
 * Forgets cursors in shards that have expired, and in streams that were deleted: else they would gather for
 * as long as streams are resharded. The catalog is read after the cursors, to its end where others change it
 * too: a shard that it does not know then is gone for good, and none that is about to come.
 */
async function forgetPast({ journal, catalog }: LambdaUpkeep): Promise<void> {
  const cursors = Array.from(journal.state.entries('cursor'), ([key]) => key);
  if (cursors.length === 0) return;
  const { streams } = await catalog.current();
  const shards = new Set<string>();
  for (const { id, shards: listed } of streams.values()) {
    for (const { index } of listed) shards.add(`${id}/${index}`);
  }
  const past = cursors.filter((key) => !shards.has(key.slice(key.indexOf('/') + 1))).slice(0, forgottenMax);
  if (past.length === 0) return;
  await journal.commit(() => past.map((key) => ({ kind: 'forgotten', of: 'cursor', key })));
}

/** A cursor takes about 100 bytes. */
const forgetEveryMs: Millis = 3_600_000;

/** The rest follows the next time. */
const forgottenMax = 10_000;
