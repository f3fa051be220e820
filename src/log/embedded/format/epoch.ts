import type { Random } from '../../../env/random.ts';
import { readU32 } from './u64.ts';

/**
 * 64 random bits that every frame of one segment carries, so that bytes from elsewhere never pass for its
 * own.
 */
export type Epoch = { readonly high: number; readonly low: number };

export function freshEpoch(random: Random): Epoch {
  return readEpoch(random.bytes(8), 0);
}

export function readEpoch(bytes: Buffer, at: number): Epoch {
  return { high: bytes.readUInt32BE(at), low: bytes.readUInt32BE(at + 4) };
}

export function writeEpoch(bytes: Buffer, epoch: Epoch, at: number): void {
  bytes.writeUInt32BE(epoch.high, at);
  bytes.writeUInt32BE(epoch.low, at + 4);
}

/** True when the bytes at a position are this epoch. */
export function isEpoch(bytes: Buffer, epoch: Epoch, at: number): boolean {
  return readU32(bytes, at + 4) === epoch.low && readU32(bytes, at) === epoch.high;
}
