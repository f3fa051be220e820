import { crc32 } from 'node:zlib';
import { byteSteps } from '../../../env/byte-steps.ts';
import type { Clock } from '../../../env/clock.ts';

/**
 * The CRC-32 of pieces in their order, which go on from bytes with the CRC-32 `before`. Other work goes on
 * meanwhile: all of a segment takes longer than a put may wait.
 */
export async function checksumOf(pieces: readonly Uint8Array[], clock: Clock, before = 0): Promise<number> {
  let sum = before;
  for await (const step of byteSteps(pieces, clock)) sum = crc32(step, sum);
  return sum;
}
