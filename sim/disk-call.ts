import type { SeededRandom } from '../harness/random.ts';

/** One call of the disk. `index` counts the calls of a process from 0. */
export type DiskCall = { readonly kind: DiskCallKind; readonly path: string; readonly index: number };

export type DiskCallKind =
  | 'createDirectory'
  | 'list'
  | 'open'
  | 'rename'
  | 'remove'
  | 'removeDirectory'
  | 'syncDirectory'
  | 'lock'
  | 'release'
  | 'size'
  | 'read'
  | 'write'
  | 'sync'
  | 'truncate'
  | 'close';

/**
 * Decides the fate of calls: the code of the error that one fails with, or undefined. It may also end the
 * process, or answer `shortRead`.
 */
export type Faults = (call: DiskCall) => string | undefined;

/** A read answers fewer bytes than there are, as if the file ended there. */
export const shortRead = 'SHORT';

/** Rough times of a solid-state disk; one sync in fifty meets a busy device. */
export function latency(kind: DiskCallKind, random: SeededRandom): number {
  const isSync = kind === 'sync' || kind === 'syncDirectory' || kind === 'createDirectory';
  if (!isSync) return random.real(0.01, 0.2);
  return random.chance(0.02) ? random.real(5, 80) : random.real(0.2, 2);
}
