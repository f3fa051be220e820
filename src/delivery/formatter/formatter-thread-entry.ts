import { enableCompileCache } from 'node:module';
import { nodeClock } from '../../env/node-clock.ts';
import { nodeRandom } from '../../env/node-random.ts';
import { givenToWorker } from '../../env/node-workers.ts';
import type { FormatterPorts } from './formatter-messages.ts';

// Loads what the main thread has compiled.
enableCompileCache();
const { serveFormatter } = await import('./serve-formatter.ts');
await serveFormatter(givenToWorker<undefined, FormatterPorts>().ports, {
  clock: nodeClock,
  random: nodeRandom(),
});
