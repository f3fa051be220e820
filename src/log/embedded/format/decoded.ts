import { AssertionError } from 'node:assert';
import { DamagedError } from '../../log.ts';

/**
 * What is read from bytes whose checksum is right. Whoever can write to the disk can make checksums right,
 * too: bytes that are not what was written then are damage like any other, which throws `DamagedError`.
 */
export function decoded<T>(path: string, what: string, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof AssertionError)) throw error;
    throw new DamagedError(`${path}: damaged in ${what}, which was not written so.`, { cause: error });
  }
}
