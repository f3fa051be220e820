import { enableCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { Assignment } from './worker-data.ts';

// What the main thread compiled, or another front did.
enableCompileCache();
const { runFront } = await import('./worker.ts');
await runFront(workerData as Assignment, parentPort!);
