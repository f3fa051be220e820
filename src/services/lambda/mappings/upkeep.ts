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
  readonly clock: Clock;
  /** How long a mapping is Creating, Enabling, Disabling, Updating or Deleting at least. */
  readonly transitionDelay: Millis;
};

/**
 * Brings mappings to the states that they are on their way to, and forgets those that were deleted, with all
 * that is known of them. Once an hour it lets go of code that nothing needs, and of what was given up long
 * ago.
 */
export function lambdaTick(world: LambdaUpkeep): Tick {
  const { clock, code, failures } = world;
  let sweepAt = clock.now() + sweepEveryMs;
  return async () => {
    const next = await settle(world);
    if (clock.now() >= sweepAt) {
      sweepAt = clock.now() + sweepEveryMs;
      await code.sweep();
      await failures.tick();
    }
    return Math.min(next, Math.max(0, sweepAt - clock.now()));
  };
}

/** As long as code that was put last may wait for a function. */
const sweepEveryMs: Millis = 3_600_000;

/** Answers in how long the next mapping is due, without end when none is. */
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
