import { isUtf8 } from 'node:buffer';
import { depthMax } from '../../src/wire/reader.ts';
import type { Seen } from './sample-shape.ts';

/**
 * The object in a body of CBOR, read by the letter of RFC 8949, as far as AWS's requests go: no tag but that
 * of a time before a number, no other simple values than false, true, null and undefined, names that are
 * texts. Undefined for anything else. Written to be obviously right, and slow.
 */
export function cborObjectIn(body: Buffer): Seen | undefined {
  const bytes = { body, at: 0 };
  try {
    const value = item(bytes, 0);
    return value instanceof Map && bytes.at === body.length ? value : undefined;
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

class Malformed extends Error {}

type Bytes = { readonly body: Buffer; at: number };

function item(bytes: Bytes, depth: number): Seen {
  const first = take(bytes, 1)[0]!;
  const type = first >> 5;
  const information = first & 31;
  switch (type) {
    case 0:
      return Number(argument(bytes, information));
    case 1:
      return Number(-1n - argument(bytes, information));
    case 2:
      return string(bytes, type, information);
    case 3:
      return string(bytes, type, information).toString();
    case 4:
      return [...items(bytes, information, depth, () => item(bytes, depth + 1))];
    case 5:
      return new Map(items(bytes, information, depth, () => member(bytes, depth + 1)));
    case 6:
      return time(bytes, information, depth);
    default:
      return other(bytes, information);
  }
}

function member(bytes: Bytes, depth: number): [string, Seen] {
  const name = item(bytes, depth);
  if (typeof name !== 'string') throw new Malformed();
  return [name, item(bytes, depth)];
}

function* items<Item>(bytes: Bytes, information: number, depth: number, next: () => Item): Generator<Item> {
  if (depth === depthMax) throw new Malformed();
  if (information === 31) {
    while (!isBreak(bytes)) yield next();
    return;
  }
  for (let left = argument(bytes, information); left > 0n; left--) yield next();
}

/** A string of bytes, in one piece or in chunks, each of which has a length and is of the same type. */
function string(bytes: Bytes, type: number, information: number): Buffer {
  if (information !== 31) {
    const piece = take(bytes, Number(argument(bytes, information)));
    if (type === 3 && !isUtf8(piece)) throw new Malformed();
    return piece;
  }
  const chunks: Buffer[] = [];
  while (!isBreak(bytes)) {
    const first = take(bytes, 1)[0]!;
    if (first >> 5 !== type || (first & 31) === 31) throw new Malformed();
    chunks.push(string(bytes, type, first & 31));
  }
  return Buffer.concat(chunks);
}

function time(bytes: Bytes, information: number, depth: number): Seen {
  if (argument(bytes, information) !== 1n) throw new Malformed();
  const next = bytes.body[bytes.at];
  if (next !== undefined && next >> 5 === 6) throw new Malformed();
  const value = item(bytes, depth);
  if (typeof value !== 'number') throw new Malformed();
  return value;
}

function other(bytes: Bytes, information: number): Seen {
  if (information === 20) return false;
  if (information === 21) return true;
  if (information === 22 || information === 23) return null;
  if (information === 25) return half(take(bytes, 2).readUInt16BE());
  if (information === 26) return take(bytes, 4).readFloatBE();
  if (information === 27) return take(bytes, 8).readDoubleBE();
  throw new Malformed();
}

/** RFC 8949 §3: in the head itself, or in the 1, 2, 4 or 8 bytes after it. */
function argument(bytes: Bytes, information: number): bigint {
  if (information < 24) return BigInt(information);
  if (information > 27) throw new Malformed();
  return BigInt(`0x${take(bytes, 1 << (information - 24)).toString('hex')}`);
}

function half(bits: number): number {
  const value = new DataView(new ArrayBuffer(2));
  value.setUint16(0, bits);
  return value.getFloat16(0);
}

function isBreak(bytes: Bytes): boolean {
  if (bytes.body[bytes.at] !== 0xff) return false;
  bytes.at += 1;
  return true;
}

function take(bytes: Bytes, count: number): Buffer {
  if (count > bytes.body.length - bytes.at) throw new Malformed();
  bytes.at += count;
  return bytes.body.subarray(bytes.at - count, bytes.at);
}
