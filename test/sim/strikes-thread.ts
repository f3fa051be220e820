import { parentPort } from 'node:worker_threads';
import { strikeEveryCall } from '../../sim/every-call.ts';
import { times } from '../length.ts';

// The test runner follows every promise of its own thread, and a world has many. So they have a thread of
// their own.
const complaints: string[] = [];
let struck = 0;
const worlds = [
  { title: '', seed: 4, step: times(110, 29) },
  { title: 'sealed, ', seed: 4, step: times(110, 29), isSealed: true },
  // A seed whose world has tables.
  { title: 'with tables, ', seed: 2, step: times(110, 29) },
];
for (const { title, seed, ...how } of worlds) {
  for await (const { call, fate, violations } of strikeEveryCall(seed, how)) {
    complaints.push(...violations.map((sentence) => `${title}${fate} at call ${call}: ${sentence}`));
    struck++;
  }
}
parentPort?.postMessage({ struck, complaints });
