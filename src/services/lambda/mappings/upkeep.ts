import type { Clock, Millis } from '../../../env/clock.ts';
import type { Tick } from '../../../stream/background.ts';
import { editsOfMappingGone } from '../state/lambda-edits.ts';
import type { LambdaEdit, LambdaJournal, LambdaState, MappingRecord } from '../state/lambda-state.ts';
import { isPassing, settled } from './mapping-state.ts';

export type MappingUpkeep = {
  readonly journal: LambdaJournal;
  readonly clock: Clock;
  /** How long a mapping is Creating, Enabling, Disabling, Updating or Deleting at least. */
  readonly transitionDelay: Millis;
};

/**
 * Brings mappings to the states that they are on their way to, and forgets those that were deleted, with all
 * that is known of them.
 */
export function mappingsTick(world: MappingUpkeep): Tick {
  return async () => {
    const next = await settle(world);
    return Number.isFinite(next) ? next : undefined;
  };
}

/** Answers in how long the next mapping is due, without end when none is. */
async function settle({ journal, clock, transitionDelay }: MappingUpkeep): Promise<Millis> {
  // A clock that was set back since says nothing: nobody is to wait until it is as late again.
  const dueIn = ({ modifiedAt }: MappingRecord) => {
    const waited = clock.now() - modifiedAt;
    return waited < 0 ? 0 : transitionDelay - waited;
  };
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
