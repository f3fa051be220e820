import { enableCompileCache } from 'node:module';
import { nodeClock } from '../../env/node-clock.ts';
import { NodePressure } from '../../env/node-pressure.ts';
import { nodeRandom } from '../../env/node-random.ts';
import { givenToWorker, nodeWorkers } from '../../env/node-workers.ts';
import type { WorkerData, WorkerPorts } from './worker-data.ts';

// Loads what the main thread or another worker has compiled.
enableCompileCache();
const { nodeNetwork } = await import('../../http/listener.ts');
const { outliveRejections } = await import('../last-resort.ts');
const { workerProgram } = await import('./worker.ts');
const { data, ports } = givenToWorker<WorkerData, WorkerPorts>();
await workerProgram.run(data, ports, {
  clock: nodeClock,
  random: nodeRandom(),
  workers: nodeWorkers,
  pressure: new NodePressure(),
  network: (logger) => nodeNetwork(nodeClock, logger),
  outliveRejections,
});
