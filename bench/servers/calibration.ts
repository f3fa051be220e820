/** What this machine can do today, printed as JSON: results of two days compare by their ratio to it. */
import { hash } from 'node:crypto';
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { median } from '../statistics.ts';

export type Calibration = { readonly sha256Ms: number; readonly syncMs: number };

const body = Buffer.alloc(8_000_000, 'x');
const block = Buffer.alloc(4096, 'x');
const file = openSync(process.argv[2]!, 'w');
const calibration: Calibration = {
  sha256Ms: median(times(10, () => hash('sha256', body))),
  syncMs: median(
    times(100, () => {
      writeSync(file, block);
      fdatasyncSync(file);
    }),
  ),
};
closeSync(file);
console.log(JSON.stringify(calibration));

function times(count: number, action: () => void): number[] {
  return Array.from({ length: count }, () => {
    const startMs = performance.now();
    action();
    return performance.now() - startMs;
  });
}
