import { strict as assert } from 'node:assert';

const high = 2 ** 32;

/** Writes a whole number below 2^53 as eight bytes, big-endian. */
export function writeU64(bytes: Buffer, value: number, at: number): void {
  assert(Number.isSafeInteger(value) && value >= 0);
  bytes.writeUInt32BE(Math.floor(value / high), at);
  bytes.writeUInt32BE(value % high, at + 4);
}

/** Reads what `writeU64` wrote. */
export function readU64(bytes: Uint8Array, at: number): number {
  return readU32(bytes, at) * high + readU32(bytes, at + 4);
}

/** Reads four bytes, big-endian, that must be there. Much faster than a Buffer's method. */
export function readU32(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}

/** As `writeU64`. */
export function setU64(view: DataView, at: number, value: number): void {
  assert(Number.isSafeInteger(value) && value >= 0);
  view.setUint32(at, Math.floor(value / high));
  view.setUint32(at + 4, value % high);
}

/** As `readU64`. */
export function getU64(view: DataView, at: number): number {
  return view.getUint32(at) * high + view.getUint32(at + 4);
}
