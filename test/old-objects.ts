import { setImmediate as turn } from 'node:timers/promises';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect: NodeJS.GCFunction = runInNewContext('gc');

/**
 * By how much old objects grow at most, in bytes, while `come` is done many times, and V8 collects young ones
 * only.
 */
export async function growthOfOld(come: () => void): Promise<number> {
  const round = async () => {
    for (let nth = 0; nth < 2_000; nth++) come();
    await turn();
    collect({ type: 'minor', execution: 'sync' });
  };
  // What is there after a while without calls is old from then on.
  for (let first = 0; first < 3; first++) await round();
  for (let idle = 0; idle < 3; idle++) collect({ type: 'minor', execution: 'sync' });
  const before = oldBytes();
  let most = before;
  for (let nth = 0; nth < 20; nth++) {
    await round();
    most = Math.max(most, oldBytes());
  }
  return most - before;
}

function oldBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'old_space')!.space_used_size;
}

/** What Node does meanwhile has left up to 1.4 MB; tables that keep one another come to 9 MB. */
export const none = 3_000_000;
