import { randomFillSync } from 'node:crypto';
import type { Random } from './random.ts';

/**
 * The operating system's generator. Small amounts are cut from a page that is filled at once, and never given
 * out twice: a call of the generator costs as much as a page of its output.
 */
export function nodeRandom(): Random {
  let page = Buffer.alloc(0);
  let used = 0;
  return {
    bytes(length) {
      if (length > pageBytes) return randomFillSync(Buffer.allocUnsafeSlow(length));
      if (used + length > page.length) {
        page = randomFillSync(Buffer.allocUnsafeSlow(pageBytes));
        used = 0;
      }
      used += length;
      return page.subarray(used - length, used);
    },
  };
}

const pageBytes = 4096;
