import { median } from '../../harness/statistics.ts';
import type { Turn } from '../turn.ts';

/** Notes what is put with and without something beside it. */
export async function putBeside(turn: Turn, megabytes: MegabytesPut): Promise<void> {
  turn.note(await putInPairs(turn, megabytes));
}

/** Puts, and answers how many megabytes of a second. */
export type MegabytesPut = (isBeside: boolean) => Promise<number>;

/**
 * What is put with and without something beside it, in pairs on one server. Whatever is beside comes first in
 * every other pair.
 */
export async function putInPairs(turn: Turn, megabytes: MegabytesPut) {
  await megabytes(false);
  const pairs: { readonly alone: number; readonly beside: number }[] = [];
  for (let pair = 0; pair < (turn.options.isQuick ? 1 : 3); pair++) {
    const isAloneFirst = pair % 2 === 0;
    const first = await megabytes(!isAloneFirst);
    const second = await megabytes(isAloneFirst);
    pairs.push(isAloneFirst ? { alone: first, beside: second } : { alone: second, beside: first });
  }
  return {
    putMegabytes: median(pairs.map(({ alone }) => alone)),
    besideMegabytes: median(pairs.map(({ beside }) => beside)),
    besideShare: median(pairs.map(({ alone, beside }) => beside / alone)),
  };
}
