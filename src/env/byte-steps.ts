import type { Clock } from './clock.ts';

/**
 * The bytes of several pieces in their order, half a mebibyte at most at a time, for work on many bytes that
 * would hold up everything else: other work has its turn after each.
 */
export async function* byteSteps(
  pieces: readonly Uint8Array[],
  clock: Pick<Clock, 'turn'>,
): AsyncGenerator<Uint8Array> {
  let unbroken = 0;
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; at += stepBytes) {
      const step = piece.subarray(at, at + stepBytes);
      if (unbroken + step.length > stepBytes) {
        await clock.turn();
        unbroken = 0;
      }
      unbroken += step.length;
      yield step;
    }
  }
}

/** About 1 ms of MD5, the slowest of the digests; several calls may be under way. */
const stepBytes = 512 * 1024;
