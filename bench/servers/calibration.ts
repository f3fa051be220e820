/**
 * What this machine can do right now, printed as JSON: results of two days compare by their ratio to it.
 * Before that it touches memory and frees it again. A virtual machine gives pages that were free for a while
 * back to its host, and each then costs a fault when it is touched, several times what writing it costs: the
 * process that runs next finds them here.
 */
import { hash } from 'node:crypto';
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { median } from '../../harness/statistics.ts';

export type Calibration = {
  /** Of 8 MB. */
  readonly sha256Ms: number;
  /** 4 KiB and fdatasync. */
  readonly syncMs: number;
  /**
   * CPU time of appends with fdatasync, for a KiB: of 4 KiB at a time the sync's, of 512 KiB the page
   * cache's.
   */
  readonly smallAppendMicros: number;
  readonly largeAppendMicros: number;
};

const body = Buffer.alloc(8_000_000, 'x');
const [path, warmMegabytes] = process.argv.slice(2) as [string, string];
warmMemory(Number(warmMegabytes));
const file = openSync(path, 'w');
const sha256Ms = median(times(5, () => hash('sha256', body)));
const small = appends(4096, 50);
const large = appends(512 * 1024, 50);
closeSync(file);
const calibration: Calibration = {
  sha256Ms,
  syncMs: small.medianMs,
  smallAppendMicros: small.cpuMicros,
  largeAppendMicros: large.cpuMicros,
};
console.log(JSON.stringify(calibration));

function warmMemory(megabytes: number): void {
  const touched = Array.from({ length: Math.ceil(megabytes / 64) }, () => {
    return new Uint8Array(64 * 1024 * 1024).fill(1);
  });
  // Given back at once, not when the garbage is collected.
  for (const { buffer } of touched) buffer.transfer(0);
}

function appends(bytes: number, count: number): { medianMs: number; cpuMicros: number } {
  const block = Buffer.alloc(bytes, 'x');
  const start = process.cpuUsage();
  const medianMs = median(
    times(count, () => {
      writeSync(file, block);
      fdatasyncSync(file);
    }),
  );
  const { user, system } = process.cpuUsage(start);
  return { medianMs, cpuMicros: (user + system) / (count * (bytes / 1024)) };
}

function times(count: number, action: () => void): number[] {
  return Array.from({ length: count }, () => {
    const startMs = performance.now();
    action();
    return performance.now() - startMs;
  });
}
