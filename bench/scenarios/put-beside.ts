import { median } from '../../harness/statistics.ts';
import type { Turn } from '../turn.ts';

/**
 * Notes what is put with and without something beside it, in pairs on one server. `megabytes` answers those
 * of a second. Whatever is beside comes first in every other pair.
 */
export async function putBeside(
  turn: Turn,
  megabytes: (isBeside: boolean) => Promise<number>,
): Promise<void> {
  await megabytes(false);
  const pairs: { readonly alone: number; readonly beside: number }[] = [];
  for (let pair = 0; pair < (turn.options.isQuick ? 1 : 3); pair++) {
    const isAloneFirst = pair % 2 === 0;
    const first = await megabytes(!isAloneFirst);
    const second = await megabytes(isAloneFirst);
    pairs.push(isAloneFirst ? { alone: first, beside: second } : { alone: second, beside: first });
  }
  turn.note({
    putMegabytes: median(pairs.map(({ alone }) => alone)),
    besideMegabytes: median(pairs.map(({ beside }) => beside)),
    besideShare: median(pairs.map(({ alone, beside }) => beside / alone)),
  });
}
