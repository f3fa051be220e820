import type { Statistics } from 'hyparquet';
import type { Bound, Bounds } from './page-values.ts';
import type { PrimitiveType } from './parquet-leaf.ts';

/** Bounds for the footer of the file, which shortens those of strings and bytes itself. */
export function statisticsOf(type: PrimitiveType, bounds: Bounds | undefined): Statistics {
  if (bounds === undefined) return {};
  const inFile = (bound: Bound) => (type.kind === 'decimal' ? unscaledOf(bound) : bound);
  return { min_value: inFile(bounds.lower), max_value: inFile(bounds.upper) };
}

/**
 * Bounds as Iceberg encodes single values (Iceberg table specification, appendix D, "Binary single-value
 * serialization"), those of strings and bytes not longer than by its default.
 */
export function icebergBounds(
  type: PrimitiveType,
  bounds: Bounds | undefined,
): { readonly lower?: Buffer | undefined; readonly upper?: Buffer | undefined } {
  if (bounds === undefined) return {};
  if (type.kind === 'string') return { lower: textBelow(bounds.lower), upper: textAbove(bounds.upper) };
  if (type.kind === 'binary') return { lower: bytesBelow(bounds.lower), upper: bytesAbove(bounds.upper) };
  return { lower: encoded(type, bounds.lower), upper: encoded(type, bounds.upper) };
}

/**
 * `write.metadata.metrics.default` of Iceberg is `truncate(16)`: characters of strings, bytes of binaries.
 */
const boundMax = 16;

function textBelow(bound: Bound): Buffer {
  const text = (bound as Buffer).toString();
  return Buffer.from(
    Array.from(text.slice(0, boundMax * 2))
      .slice(0, boundMax)
      .join(''),
  );
}

/** The shortest text after every text that begins so; undefined where there is none that is short. */
function textAbove(bound: Bound): Buffer | undefined {
  const characters = Array.from((bound as Buffer).toString());
  if (characters.length <= boundMax) return bound as Buffer;
  const kept = characters.slice(0, boundMax);
  for (let last = kept.pop(); last !== undefined; last = kept.pop()) {
    const next = last.codePointAt(0)! + 1;
    // Surrogates are no characters.
    if (next <= 0x10ffff)
      return Buffer.from(kept.join('') + String.fromCodePoint(next === 0xd800 ? 0xe000 : next));
  }
  return undefined;
}

function bytesBelow(bound: Bound): Buffer {
  return (bound as Buffer).subarray(0, boundMax);
}

function bytesAbove(bound: Bound): Buffer | undefined {
  const bytes = bound as Buffer;
  if (bytes.length <= boundMax) return bytes;
  for (let length = boundMax; length > 0; length -= 1) {
    if (bytes[length - 1]! < 0xff) {
      const above = Buffer.from(bytes.subarray(0, length));
      above[length - 1]! += 1;
      return above;
    }
  }
  return undefined;
}

function encoded(type: PrimitiveType, bound: Bound): Buffer {
  if (type.kind === 'decimal') return shortestBytes(unscaledOf(bound));
  if (Buffer.isBuffer(bound)) return bound;
  if (typeof bound === 'boolean') return Buffer.from([bound ? 1 : 0]);
  const bytes = Buffer.alloc(type.kind === 'int' || type.kind === 'date' || type.kind === 'float' ? 4 : 8);
  if (typeof bound === 'bigint') bytes.writeBigInt64LE(bound);
  else if (type.kind === 'float') bytes.writeFloatLE(bound);
  else if (type.kind === 'double') bytes.writeDoubleLE(bound);
  else bytes.writeInt32LE(bound);
  return bytes;
}

function unscaledOf(bound: Bound): bigint {
  if (!Buffer.isBuffer(bound)) return BigInt(bound);
  return BigInt.asIntN(bound.length * 8, BigInt(`0x${bound.toString('hex')}`));
}

/** Two's complement, the highest byte first, in as few bytes as hold it. */
function shortestBytes(value: bigint): Buffer {
  let length = 1;
  while (BigInt.asIntN(length * 8, value) !== value) length += 1;
  return Buffer.from(
    BigInt.asUintN(length * 8, value)
      .toString(16)
      .padStart(length * 2, '0'),
    'hex',
  );
}
