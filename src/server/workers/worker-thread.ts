import { enableCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { WorkerData } from './worker-data.ts';

// What the main thread compiled, or another front did.
enableCompileCache();
const { runWorker } = await import('./worker.ts');
await runWorker(workerData as WorkerData, parentPort!);
