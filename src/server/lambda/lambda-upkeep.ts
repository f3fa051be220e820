import type { Millis } from '../../env/clock.ts';
import type { CodeStore } from '../../services/lambda/code/code-store.ts';
import type { FailureStore } from '../../services/lambda/failures/failure-store.ts';
import { type MappingUpkeep, mappingsTick } from '../../services/lambda/mappings/upkeep.ts';
import { forEach, type Tick } from '../../stream/background.ts';

export type LambdaUpkeep = MappingUpkeep & {
  readonly code: Pick<CodeStore, 'sweep'>;
  readonly failures: Pick<FailureStore, 'tick'>;
};

/** Mappings are brought on when they are due; what nothing needs any more is let go of once an hour. */
export function lambdaUpkeep(world: LambdaUpkeep): Tick {
  const { clock, code, failures } = world;
  const settle = mappingsTick(world);
  let sweepAt = clock.now() + sweepEveryMs;
  return async () => {
    const next = (await settle()) ?? sweepEveryMs;
    if (clock.now() >= sweepAt) {
      sweepAt = clock.now() + sweepEveryMs;
      // What is damaged of one keeps nothing of the other.
      await forEach([() => code.sweep(), () => failures.tick()], (work) => work());
    }
    return Math.min(next, Math.max(0, sweepAt - clock.now()));
  };
}

const sweepEveryMs: Millis = 3_600_000;
