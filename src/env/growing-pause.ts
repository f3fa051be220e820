import type { Millis } from './clock.ts';
import type { Random } from './random.ts';

/**
 * How long to wait after the `nth` failure in a row, 1 for the first: between half of a pause that doubles
 * each time, up to `maxMs`, and all of it, so that those who failed together do not come again together.
 */
export function growingPause(
  nth: number,
  random: Random,
  { firstMs, maxMs = Number.POSITIVE_INFINITY }: { readonly firstMs: Millis; readonly maxMs?: Millis },
): Millis {
  const pause = Math.min(maxMs, firstMs * 2 ** (nth - 1));
  return pause / 2 + (pause / 2) * (random.bytes(1)[0]! / 256);
}
