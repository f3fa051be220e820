/** Reads files from their beginning to their end, a MiB at a time, and tells how long it took. */
import { closeSync, openSync, readSync } from 'node:fs';

const buffer = Buffer.allocUnsafe(1024 * 1024);
const startMs = performance.now();
let bytes = 0;
for (const path of process.argv.slice(2)) {
  const file = openSync(path, 'r');
  for (let got = -1; got !== 0; bytes += got) got = readSync(file, buffer);
  closeSync(file);
}
console.log(JSON.stringify({ bytes, seconds: (performance.now() - startMs) / 1000 }));
