import { parentPort } from 'node:worker_threads';
import { strikeEveryCall } from '../../sim/every-call.ts';
import { times } from '../length.ts';

// The test runner follows every promise of its own thread, and a world has many. So they have a thread of
// their own.
const complaints: string[] = [];
let struck = 0;
for (const isSealed of [false, true]) {
  for await (const { call, fate, violations } of strikeEveryCall(4, { step: times(110, 29), isSealed })) {
    const where = isSealed ? 'sealed, ' : '';
    complaints.push(...violations.map((sentence) => `${where}${fate} at call ${call}: ${sentence}`));
    struck++;
  }
}
parentPort?.postMessage({ struck, complaints });
