import { enableCompileCache } from 'node:module';
import { givenToWorker } from '../../env/node-workers.ts';
import type { BodyPorts } from '../../rpc/body-thread.ts';

// Loads what the main thread has compiled.
enableCompileCache();
const { serveBodies } = await import('./body-server.ts');
await serveBodies(givenToWorker<undefined, BodyPorts>().ports);
