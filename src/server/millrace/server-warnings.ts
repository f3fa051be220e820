import type { ServerFacts } from '../../services/millrace/sights-world.ts';

/** What warnings follow from. */
export type Warned = Pick<ServerFacts, 'Disk' | 'Memory' | 'Health'> & {
  /** The addresses on a network where requests may come without TLS. */
  readonly plainListeners: readonly string[];
  /** Records of the audit log that are in no file. */
  readonly auditLost: number;
};

/** What an operator should know of now: each says what is wrong, what follows, and what to do. */
export function warningsOf({ Disk, Memory, Health, plainListeners, auditLost }: Warned): string[] {
  const warnings: string[] = [];
  if (Health === 'cut off') {
    warnings.push('This gateway does not reach its cluster, and acknowledges nothing until it does.');
  }
  if (Disk !== undefined && isNearlyFull(Disk)) {
    const left = `${sizeOf(Disk.FreeBytes)} of ${sizeOf(Disk.TotalBytes)} are free`;
    warnings.push(
      `The disk of ${Disk.Path} is nearly full: ${left}. Puts are refused before it is full: make room, or shorten retentions.`,
    );
  }
  if (Memory.HeapUsedBytes > heapShareMax * Memory.HeapMaxBytes) {
    const used = `${sizeOf(Memory.HeapUsedBytes)} of ${sizeOf(Memory.HeapMaxBytes)}`;
    warnings.push(`The heap is nearly full: ${used} are used. Node has more with --max-old-space-size.`);
  }
  for (const listener of plainListeners) {
    warnings.push(
      `Requests to ${listener} may come without TLS, and can be read on their way: --require-tls refuses them.`,
    );
  }
  if (auditLost > 0) {
    warnings.push(`${auditLost} records of the audit log could not be written, and are lost.`);
  }
  return warnings;
}

/** Records are refused before the last 64 MiB, or the last eighth (`DiskReserve`): this is well before. */
function isNearlyFull({ FreeBytes, TotalBytes }: NonNullable<ServerFacts['Disk']>): boolean {
  return FreeBytes < Math.min(freeBytesMin, TotalBytes / 4);
}

const freeBytesMin = 1024 ** 3;
const heapShareMax = 0.85;

function sizeOf(bytes: number): string {
  const mebibytes = bytes / 1024 ** 2;
  return mebibytes < 1024 ? `${Math.round(mebibytes)} MiB` : `${(mebibytes / 1024).toFixed(1)} GiB`;
}
