import { simulate } from './simulation.ts';
import { type Fate, fates } from './world.ts';

/** What came of one call that met its fate. */
export type Struck = { readonly call: number; readonly fate: Fate; readonly violations: readonly string[] };

/**
 * Plays a brief world once to count its calls of the disk, then once more for each of them and each fate: the
 * call fails, a read is short, the process is killed or the power cut while it is under way. Takes every
 * `step`th call only. In a sealed world all streams are encrypted, and no file may ever show what is in them.
 */
export async function* strikeEveryCall(
  seed: number,
  { step = 1, first = 0, isSealed = false } = {},
): AsyncGenerator<Struck> {
  const { diskCalls } = await simulate(seed, undefined, { isBrief: true, isSealed });
  for (let call = first; call < diskCalls; call += step) {
    for (const fate of fates) {
      const { violations } = await simulate(seed, undefined, {
        isBrief: true,
        isSealed,
        strike: { call, fate },
      });
      yield { call, fate, violations };
    }
  }
}
