import type { AttributeValue } from './attribute-value.ts';
import { known, magnitudeOf } from './decimal.ts';

const negative = 0;
const zero = 1;
const positive = 2;
/** Makes the lowest magnitude, that of 1E-130, a byte of 0, and the highest, that of 9E+125, one of 255. */
const magnitudeBias = 130;

/**
 * Bytes whose order (`Buffer.compare`) is that of `compare`, for values of one type (S, N or B), and which
 * are equal just for equal ones. Those of a binary may be its own.
 *
 * A number is a byte for its sign, one for the power of ten of its first digit, and one for each two digits,
 * which are more than 0. A negative one has them inverted, and 255 at its end: of two that begin alike, the
 * longer is less.
 */
export function keyBytes(value: AttributeValue): Buffer {
  if ('S' in value) return Buffer.from(value.S);
  if ('B' in value) return value.B;
  if ('N' in value) return numberBytes(value.N);
  throw new TypeError('a key is a string, a number or a binary');
}

/**
 * Which of so many segments of a scan a hash key belongs to: from 0, and always the same for the same key.
 */
export function segmentOf(hashKey: AttributeValue, segments: number): number {
  return Math.floor((hashOf(keyBytes(hashKey)) / 2 ** 32) * segments);
}

function numberBytes(text: string): Buffer {
  const decimal = known(text);
  const { digits, isNegative } = decimal;
  if (digits === '') return Buffer.from([zero]);
  const pairs = Math.ceil(digits.length / 2);
  const bytes = Buffer.allocUnsafe(2 + pairs + (isNegative ? 1 : 0));
  bytes[1] = magnitudeOf(decimal) + magnitudeBias;
  for (let pair = 0; pair < pairs; pair++) {
    bytes[2 + pair] = 1 + Number(digits.slice(2 * pair, 2 * pair + 2).padEnd(2, '0'));
  }
  if (isNegative) {
    for (let i = 1; i < 2 + pairs; i++) bytes[i] = 255 - bytes[i]!;
    bytes[2 + pairs] = 255;
  }
  bytes[0] = isNegative ? negative : positive;
  return bytes;
}

/**
 * FNV-1a of 32 bits (Fowler, Noll, Vo), and the last step of MurmurHash3, so that all bits depend on all
 * bytes.
 */
export function hashOf(bytes: Buffer): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
