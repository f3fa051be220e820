import { strict as assert } from 'node:assert';

const high = 2 ** 32;

/** Writes a whole number below 2^53 as eight bytes, big-endian. */
export function writeU64(bytes: Buffer, value: number, at: number): void {
  assert(Number.isSafeInteger(value) && value >= 0);
  bytes.writeUInt32BE(Math.floor(value / high), at);
  bytes.writeUInt32BE(value % high, at + 4);
}

/** Reads what `writeU64` wrote. */
export function readU64(bytes: Buffer, at: number): number {
  return bytes.readUInt32BE(at) * high + bytes.readUInt32BE(at + 4);
}
