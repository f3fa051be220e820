import { nodeClock } from '../../src/env/node-clock.ts';
import { nodeRandom } from '../../src/env/node-random.ts';
import { givenToWorker, nodeWorkers } from '../../src/env/node-workers.ts';
import { noNetwork } from '../services/kinesis/no-network.ts';
import { type ApartPorts, apartProgram } from './apart-program.ts';

await apartProgram.run(undefined, givenToWorker<undefined, ApartPorts>().ports, {
  clock: nodeClock,
  random: nodeRandom(),
  workers: nodeWorkers,
  network: () => noNetwork,
  pressure: { busy: () => 0, idleCores: () => 0, heapBytesMax: () => 4 * 1024 ** 3 },
  outliveRejections() {},
});
